import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Roles } from "../../dist/src/target.js";
import { Sink } from "./clients/sink.js";
import { WritesWhileClosing } from "./clients/writes-while-closing.js";
import { guardedCopy } from "./guarded.js";

const roles: Roles = {
  record: ["record"],
  flush: ["flush"],
  send: ["send"],
  close: ["close"],
  batch: "detached",
  drains: true,
};

const newSink = (refuse = false) => new Sink(() => sleep(5), refuse ? ["reject"] : []);

/** Records one, closes, and records another while each of two batches is on its way. */
async function recordWhileClosing(client: WritesWhileClosing): Promise<void> {
  client.record(1);
  const closing = client.close();
  client.record(2);
  await sleep(7);
  if (!client.closed) client.record(3);
  await closing;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

test.each([{ clock: "that goes" }, { clock: "that the app has stopped", performance: { now: () => 0 } }])(
  "drains: of a client whose flush always sends, the close comes when its time is over, by a clock $clock",
  async ({ performance }) => {
    if (performance !== undefined) vi.stubGlobal("performance", performance);
    class AlwaysSends {
      closed = false;
      record(): void {}
      async send(): Promise<void> {
        await sleep(1);
      }
      async flush(): Promise<void> {
        await this.send();
      }
      async close(): Promise<void> {
        this.closed = true;
      }
    }
    const { Client, guarded } = guardedCopy(AlwaysSends, roles, { flushTimeoutMs: 20 });
    const client = new Client();
    await client.close();
    expect({ closed: client.closed, reasons: [...guarded.reasons] }).toEqual({
      closed: true,
      reasons: ["drains: each flush before a close makes a send, expected one that makes none"],
    });
  },
);

test("drains: of a client whose send hangs, the close comes when its time is over, and its flushes are not said to always send", async () => {
  class Hangs {
    closed = false;
    record(): void {}
    send(): Promise<void> {
      return new Promise(() => {});
    }
    flush(): Promise<void> {
      return this.send();
    }
    async close(): Promise<void> {
      this.closed = true;
    }
  }
  const { Client, guarded } = guardedCopy(Hangs, roles, { flushTimeoutMs: 20 });
  const client = new Client();
  await client.close();
  expect({ closed: client.closed, reasons: [...guarded.reasons] }).toEqual({ closed: true, reasons: [] });
});

describe("beforeClose", () => {
  /** Sends at once what it is given, and loses what it has buffered when it closes. */
  class Forgets {
    readonly delivered: number[] = [];
    readonly buffer: number[] = [];
    closed = false;
    record(id: number): void {
      this.buffer.push(id);
    }
    async flush(): Promise<void> {
      const batch = this.buffer.splice(0);
      await sleep(5);
      if (!this.closed) this.delivered.push(...batch);
    }
    async close(): Promise<string> {
      this.closed = true;
      return "closed";
    }
    end(): void {
      this.closed = true;
    }
  }
  const forgets: Roles = { record: ["record"], flush: ["flush"], close: ["close", "end"], batch: "detached" };
  const flushes = { ...forgets, beforeClose: (client: Forgets) => client.flush() };

  test("what a close would leave behind arrives before it", async () => {
    const [unguarded, guarded] = [new Forgets(), new (guardedCopy(Forgets, flushes).Client)()];
    for (const client of [unguarded, guarded]) {
      client.record(1);
      expect(await client.close()).toBe("closed");
      await sleep(10);
    }
    expect(unguarded.delivered).toEqual([]);
    expect(guarded.delivered).toEqual([1]);
  });

  test("a close that returns nothing still returns nothing, and comes when it has arrived", async () => {
    const { Client } = guardedCopy(Forgets, { ...flushes, batch: "on the stack" });
    const client = new Client();
    client.record(1);
    expect(client.end()).toBeUndefined();
    expect(client.closed).toBe(false);
    while (!client.closed) await sleep(1);
    expect(client.delivered).toEqual([1]);
  });

  test("where there is nothing to wait for, it closes at once", () => {
    const { Client } = guardedCopy(Forgets, { ...forgets, beforeClose() {} });
    const client = new Client();
    client.end();
    expect(client.closed).toBe(true);
  });

  test.each([
    ["rejects", () => Promise.reject(new Error("refused"))],
    [
      "throws",
      () => {
        throw new Error("not now");
      },
    ],
    ["never settles", () => new Promise(() => {})],
  ])("one that %s is not the close's failure", async (_, beforeClose) => {
    const { Client } = guardedCopy(Forgets, { ...forgets, beforeClose }, { flushTimeoutMs: 40 });
    const client = new Client();
    expect(await client.close()).toBe("closed");
    expect(client.closed).toBe(true);
  });
});

describe("drains", () => {
  test("what is recorded while the client closes is sent before it is closed", async () => {
    const { Client } = guardedCopy(WritesWhileClosing, roles);
    const client = new Client(newSink());
    await recordWhileClosing(client);
    expect(client.sink.delivered).toEqual([1, 2, 3]);
    expect(() => client.record(4)).toThrow("closed");
  });

  test("without it, the client drops that", async () => {
    const { Client } = guardedCopy(WritesWhileClosing, { ...roles, drains: false });
    const client = new Client(newSink());
    await recordWhileClosing(client);
    expect(client.sink.delivered).toEqual([1]);
  });

  test("no send is made for a close of an empty client", async () => {
    const { Client, guarded } = guardedCopy(WritesWhileClosing, roles);
    const client = new Client(newSink());
    await client.close();
    expect(guarded.guardOf(client).sends).toBe(0);
    expect(client.closed).toBe(true);
  });

  test("a refused batch closes the client, and close() rejects, as its own does", async () => {
    const { Client, guarded } = guardedCopy(WritesWhileClosing, roles);
    const client = new Client(newSink(true));
    client.record(1);
    await expect(client.close()).rejects.toThrow("refused");
    expect(client.closed).toBe(true);
    expect(guarded.guardOf(client).sends).toBe(1);
  });

  test("a client that is never empty is closed after the time limit", async () => {
    const { Client } = guardedCopy(WritesWhileClosing, roles, { flushTimeoutMs: 40 });
    const client = new Client(newSink());
    let recorded = 0;
    const writer = setInterval(() => {
      if (!client.closed) client.record(++recorded);
    }, 1);
    client.record(++recorded);
    await client.close();
    clearInterval(writer);
    expect(client.closed).toBe(true);
  });
});
