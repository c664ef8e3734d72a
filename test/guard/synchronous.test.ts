import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Roles } from "../../dist/src/target.js";
import { copyOf, guardedCopy } from "./guarded.js";

/** Calls out before it clears its buffer, and sends what is left when it is closed. */
class Client {
  buffer: number[] = [];
  sent: number[] = [];
  closed = false;

  record(id: number): void {
    this.buffer.push(id);
  }

  flush(callback?: () => void): void {
    this.sent.push(...this.buffer);
    callback?.();
    this.buffer = [];
  }

  close(): void {
    this.flush();
    this.closed = true;
  }
}

const roles: Roles = { record: ["record"], flush: ["flush"], close: ["close"], batch: "on the stack" };

test.each([
  ["unguarded", () => copyOf(Client), [1, 1, 2]],
  ["guarded", () => guardedCopy(Client, roles).Client, [1, 2]],
])("%s: a close from inside a flush comes after what that flush recorded", async (_, prepare, sent) => {
  const client = new (prepare())();
  client.record(1);
  client.flush(() => {
    client.record(2);
    client.close();
  });
  await turn();
  expect(client.closed).toBe(true);
  expect([...client.sent, ...client.buffer]).toEqual(sent);
});

describe("what a replay recorded", () => {
  class Reporting extends Client {
    failing = true;
    override record(id: number): void {
      super.record(id);
      if (this.failing && this.buffer.length > 0) this.flush(() => this.record(id + 10));
    }
  }

  /** One whose replay has recorded 21. */
  async function reported() {
    const { Client: Guarded, guarded } = guardedCopy(Reporting, {
      ...roles,
      callsOut: { flush: true },
      returns: "nothing",
    });
    const client = new Guarded();
    client.record(1);
    client.failing = false;
    await sleep(20);
    expect([...client.sent, ...client.buffer]).toEqual([1, 11]);
    expect(guarded.idle).toBe(false);
    return { client, guarded };
  }

  test("goes out with the next flush, before its second is over", async () => {
    const { client, guarded } = await reported();
    client.flush();
    expect(client.sent).toEqual([1, 11, 21]);
    expect(guarded.idle).toBe(true);
  });

  test("is recorded where nothing may wait, as before the process ends", async () => {
    const { client, guarded } = await reported();
    client.record(2);
    guarded.release();
    expect([...client.sent, ...client.buffer]).toEqual([1, 11, 2, 21]);
    expect(guarded.idle).toBe(true);
  });

  test("is recorded once its second is over", async () => {
    const { client, guarded } = await reported();
    await expect.poll(() => guarded.idle, { timeout: 20_000 }).toBe(true);
    expect([...client.sent, ...client.buffer]).toEqual([1, 11, 21]);
  });
});

describe("a flush asked for from inside a flush", () => {
  /** Each of its flushes asks for so many. */
  class Asking extends Client {
    calls = 0;
    asks = 2;
    override flush(): void {
      this.calls++;
      super.flush(() => {
        for (let count = 0; count < this.asks; count++) this.flush();
      });
    }
  }

  test("is one more, however many are asked for, and again the next time", async () => {
    const client = new (guardedCopy(Asking, { ...roles, callsOut: { flush: true } }).Client)();
    for (const calls of [2, 4, 6]) {
      client.record(calls);
      client.flush();
      for (let count = 0; count < 5; count++) await turn();
      expect(client.calls).toBe(calls);
    }
    expect(client.sent).toEqual([2, 4, 6]);
  });

  test("by a send that comes after it is a part of that send", () => {
    class Sending extends Client {
      send(): void {
        this.flush();
      }
    }
    const client = new (guardedCopy(Sending, { ...roles, send: ["send"] }).Client)();
    for (const id of [1, 2]) {
      client.record(id);
      client.flush();
    }
    client.record(3);
    client.send();
    expect(client.sent).toEqual([1, 2, 3]);
  });
});
