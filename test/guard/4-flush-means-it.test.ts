import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Roles } from "../../dist/src/target.js";
import { run } from "./child.js";
import { ReadAwaitClear } from "./clients/read-await-clear.js";
import { type Behaviour, Sink } from "./clients/sink.js";
import { SwapThenSend } from "./clients/swap-then-send.js";
import { guardedCopy, sorted } from "./guarded.js";

const roles: Roles = { record: ["record"], flush: ["flush"], close: ["close"] };
const strategies: [string, typeof ReadAwaitClear | typeof SwapThenSend, Roles][] = [
  ["hold", ReadAwaitClear, roles],
  ["swap", ReadAwaitClear, { ...roles, buffers: { buffer: "append" } }],
  ["tracked", SwapThenSend, { ...roles, batch: "detached" }],
];

function sinkOf(...behaviours: Behaviour[]): Sink {
  return new Sink(() => sleep(5), behaviours);
}

describe("guarantee 4: await flush() means it", () => {
  test.each(strategies)("%s: it is over when all recorded before it is delivered", async (_, Model, declared) => {
    const { Client } = guardedCopy(Model, declared);
    const sink = sinkOf();
    const client = new Client(sink);
    client.record(1);
    void client.flush();
    client.record(2);
    await client.flush();
    expect(sink.delivered).toEqual([1, 2]);
  });

  test.each(strategies)("%s: it rejects when its flush rejects, for each who joined", async (_, Model, declared) => {
    const { Client } = guardedCopy(Model, declared);
    const sink = sinkOf("ok", "reject", "reject");
    const client = new Client(sink);
    client.record(1);
    const first = client.flush();
    client.record(2);
    const [second, third] = [client.flush(), client.flush()];
    expect(second).not.toBe(third);
    const settled = await Promise.allSettled([first, second, third]);
    // A flush that detaches its batch runs by itself, and had nothing to send.
    const last = declared.batch === "detached" ? "fulfilled" : "rejected";
    expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "rejected", last]);
    sink.recover();
    await client.flush();
    expect(sink.delivered).toEqual([1, 2]);
  });

  test("tracked: how an automatic flush ended is not told to another's caller, who waits for it all the same", async () => {
    const { Client } = guardedCopy(SwapThenSend, { ...roles, batch: "detached" });
    const waits = [30, 1];
    const sink = new Sink(() => sleep(waits.shift() ?? 1), ["reject"]);
    const client = new Client(sink);
    client.record(1);
    let over = false;
    const automatic = expect(client.flush()).rejects.toThrow("refused");
    void automatic.then(() => {
      over = true;
    });
    client.record(2);
    await client.flush();
    await automatic;
    expect(over).toBe(true);
    expect(sink.delivered).toEqual([2]);
  });

  test("tracked: its own rejection does not overtake an earlier flush in flight", async () => {
    const { Client } = guardedCopy(SwapThenSend, { ...roles, batch: "detached" });
    const waits = [30, 1];
    const sink = new Sink(() => sleep(waits.shift() ?? 1), ["ok", "reject"]);
    const client = new Client(sink);
    client.record(1);
    void client.flush();
    client.record(2);
    await expect(client.flush()).rejects.toThrow("refused");
    expect(sink.delivered).toEqual([1]);
  });

  test("tracked: a callback comes after the flushes before it", async () => {
    class WithCallback {
      buffer: number[] = [];
      sent: number[] = [];
      flush(done: () => void) {
        const batch = this.buffer;
        this.buffer = [];
        if (batch.length === 0) {
          done();
          return;
        }
        setTimeout(() => {
          this.sent.push(...batch);
          done();
        }, 10);
      }
    }
    const { Client, guarded } = guardedCopy(WithCallback, { flush: ["flush"], batch: "detached" });
    const client = new Client();
    client.buffer.push(1);
    client.flush(() => {});
    await new Promise<void>((resolve) => client.flush(resolve));
    expect(client.sent).toEqual([1]);
    expect(guarded.idle).toBe(true);
  });

  test.each(strategies)(
    "%s: close waits for the flush, flushes what was held, then closes",
    async (_, Model, declared) => {
      const { Client } = guardedCopy(Model, declared);
      const sink = sinkOf();
      const client = new Client(sink);
      client.record(1);
      void client.flush();
      client.record(2);
      const joined = client.flush();
      const closed = client.close();
      client.record(3);
      await closed;
      await joined;
      client.record(4);
      expect(client.closed).toBe(true);
      expect(sink.refused).toEqual([4]);
      // A sender that has detached its batch closes at once: what comes later stays in its buffer, as it would unguarded.
      expect(sorted([...sink.delivered, ...client.left])).toEqual([1, 2, 3]);
    },
  );

  // The counts are those of the unguarded client, whatever the strategy.
  const callers = {
    "ignored by the caller": "client.flush(); client.flush();",
    "handled by the caller": "client.flush().catch(() => {}); client.flush().catch(() => {});",
    "handled inside the client": "client.auto(); client.auto();",
    "ignored by one of two": "client.flush().catch(() => {}); client.flush();",
  };
  test.each(Object.entries(callers))("an unhandled rejection is one where it was one: %s", async (_, call) => {
    const counted = async (declared: Roles | undefined): Promise<number> => {
      const { code, stdout, stderr } = await run(`
        const { GuardedClass } = await import(dist + "guard/owner/guarded-class.js");
        const { guardMethods } = await import(dist + "patch/guard-methods.js");
        const { guardEngine } = await import(dist + "guard/engine.js");
        class Client {
          buffer = [1];
          record() { this.buffer.push(1); }
          async flush() { const batch = [...this.buffer]; await sleep(5); throw new Error("refused " + batch.length); }
          auto() { this.flush().catch(() => {}); }
        }
        const roles = ${JSON.stringify(declared ?? null)};
        if (roles) guardMethods(new GuardedClass("Client", roles, { flushTimeoutMs: 1000, maxHeld: 10 }), Client.prototype, guardEngine);
        let count = 0;
        process.on("unhandledRejection", () => count++);
        const client = new Client();
        ${call}
        await sleep(60);
        console.log(count);
      `);
      if (code !== 0) throw new Error(stderr);
      return Number(stdout);
    };
    const unguarded = await counted(undefined);
    for (const [, , declared] of strategies) expect(await counted({ ...declared, close: [] })).toBe(unguarded);
  });

  test("a flush that had nothing to send does not send what is recorded after it", async () => {
    class FlushesAtTwo extends ReadAwaitClear {
      override record(id: number): this {
        super.record(id);
        if (this.buffer.length >= 2) void this.flush();
        return this;
      }
    }
    const { Client } = guardedCopy(FlushesAtTwo, { ...roles, buffers: { buffer: "append" } });
    for (const Used of [FlushesAtTwo, Client]) {
      const sink = sinkOf();
      const client = new Used(sink);
      void client.flush();
      client.record(1);
      await sleep(10);
      expect(sink.delivered).toEqual([]);
      client.record(2);
      await sleep(20);
      expect(sink.delivered).toEqual([1, 2]);
    }
  });
});
