import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Roles } from "../../dist/src/target.js";
import { result, run } from "./child.js";
import { ReadAwaitClear } from "./clients/read-await-clear.js";
import { type Behaviour, Sink } from "./clients/sink.js";
import { guardedCopy, sorted, timedOut } from "./guarded.js";

const roles: Roles = { record: ["record"], flush: ["flush"], close: ["close"] };
const swap: Roles = { ...roles, buffers: { buffer: "append" }, view: true };

function sinkOf(...behaviours: Behaviour[]): Sink {
  return new Sink(() => sleep(0), behaviours);
}

describe("guarantee 6: never worse than unguarded", () => {
  test("hold: a flush that never settles loses the lock, and what it held is recorded", async () => {
    const { Client, counters, guarded } = guardedCopy(ReadAwaitClear, roles, { flushTimeoutMs: 10 });
    class Never extends Client {}
    const sink = sinkOf();
    const client = new Never(sink);
    const hang = new Promise<void>(() => {});
    sink.send = () => hang;
    client.record(1);
    void client.flush();
    client.record(2);
    expect(client.buffer).toEqual([1]);
    const joined = client.flush();
    await timedOut(counters, 2);
    expect(client.buffer).toEqual([1, 2]);
    expect(counters).toMatchObject({ timeouts: 2, held: 1, replayed: 1, errors: 0 });
    expect(guarded.idle).toBe(true);
    // It was kept waiting, so the guard does not keep it for ever.
    await joined;
  });

  test.each(["ok", "reject"] as const)("on a view: one that settles late loses nothing (%s)", async (late) => {
    const { Client, counters } = guardedCopy(ReadAwaitClear, swap, { flushTimeoutMs: 3 });
    const sink = sinkOf(late);
    let answer!: () => void;
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const send = sink.send.bind(sink);
    sink.send = (batch) => {
      sink.send = send;
      return answered.then(() => send(batch));
    };
    const client = new Client(sink);
    client.record(1);
    const flushed = client.flush();
    client.record(2);
    await timedOut(counters);
    sink.send = async (batch) => void sink.delivered.push(...batch);
    await client.flush();
    expect(sink.delivered).toEqual([2]);
    client.record(3);
    answer();
    await Promise.allSettled([flushed]);
    expect(client.buffer).toEqual(late === "ok" ? [3] : [1, 3]);
    await client.flush();
    expect(sorted(sink.delivered)).toEqual([1, 2, 3]);
  });

  test("on a view: what a flush that never settles records later is in the buffer", async () => {
    class Leaks extends ReadAwaitClear {
      override async flush(): Promise<void> {
        late = () => this.record(2);
        await new Promise(() => void this.buffer);
      }
    }
    let late!: () => void;
    const { Client, counters } = guardedCopy(Leaks, swap, { flushTimeoutMs: 5 });
    const client = new Client(sinkOf());
    client.record(1);
    void client.flush();
    await timedOut(counters);
    late();
    expect(client.buffer).toEqual([2]);
  });

  test("swap: a buffer that the first record makes", async () => {
    class Lazy {
      buffer: number[] | null = null;
      sent: number[] = [];
      record(id: number) {
        this.buffer ??= [];
        this.buffer.push(id);
      }
      async flush(): Promise<void> {
        const batch = [...(this.buffer ?? [])];
        await sleep(2);
        if (batch.includes(1) && this.sent.length === 0) {
          this.sent.push(0);
          throw new Error("refused");
        }
        this.sent.push(...batch);
        this.buffer = null;
      }
    }
    const { Client, counters } = guardedCopy(Lazy, { ...swap, close: [] });
    const client = new Client();
    await client.flush();
    client.record(1);
    const refused = expect(client.flush()).rejects.toThrow("refused");
    client.record(2);
    await refused;
    await client.flush();
    expect(client.sent).toEqual([0, 1, 2]);
    expect(client.buffer ?? []).toEqual([]);
    expect(counters.errors).toBe(0);
  });

  test("a hold queue over its cap releases the lock, in order", async () => {
    const { Client, counters } = guardedCopy(ReadAwaitClear, roles, { maxHeld: 3 });
    const sink = sinkOf();
    sink.send = () => new Promise(() => {});
    const client = new Client(sink);
    client.record(0);
    void client.flush();
    for (let id = 1; id <= 5; id++) client.record(id);
    expect(client.buffer).toEqual([0, 1, 2, 3, 4, 5]);
    expect(counters).toMatchObject({ held: 3, replayed: 3, capHits: 1 });
  });

  test("who waits for a flush whose lock is released goes on", async () => {
    const { Client, counters } = guardedCopy(ReadAwaitClear, roles, { maxHeld: 1 });
    const sink = sinkOf();
    const client = new Client(sink);
    client.record(0);
    await client.flush();
    sink.send = () => new Promise(() => {});
    client.record(1);
    void client.flush();
    const { send } = sinkOf();
    const second = client.flush();
    sink.send = send;
    client.record(2);
    client.record(3);
    expect(counters.capHits).toBe(1);
    // Not only when it has waited for as long as a flush may take, or as nothing else keeps the process alive.
    expect(await Promise.race([second.then(() => "goes on"), sleep(2_000)])).toBe("goes on");
    expect(client.buffer).toEqual([]);
  });

  test("the cap during a synchronous flush records at once what is over it", () => {
    class Synchronous {
      buffer: number[] = [];
      sent: number[] = [];
      record(id: number) {
        this.buffer.push(id);
      }
      flush() {
        const batch = [...this.buffer];
        for (let id = 1; id <= 5; id++) this.record(id);
        this.sent.push(...batch);
        this.buffer.splice(0, batch.length);
      }
    }
    const { Client, counters } = guardedCopy(
      Synchronous,
      { ...roles, close: [], batch: "on the stack" },
      { maxHeld: 3 },
    );
    const client = new Client();
    client.record(0);
    client.flush();
    expect(client.sent).toEqual([0]);
    expect(sorted(client.buffer)).toEqual([1, 2, 3, 4, 5]);
    expect(counters).toMatchObject({ held: 3, replayed: 3, capHits: 2 });
  });

  test("a flush that throws at once throws to its caller, and what it held is recorded", () => {
    const { Client, guarded } = guardedCopy(
      class extends ReadAwaitClear {
        override flush(): Promise<void> {
          this.record(2);
          throw new Error("thrown");
        }
      },
      roles,
    );
    const client = new Client(sinkOf());
    client.record(1);
    expect(() => client.flush()).toThrow("thrown");
    expect(client.buffer).toEqual([1, 2]);
    expect(guarded.idle).toBe(true);
  });

  test("held calls that throw or reject disturb nobody", async () => {
    class Picky extends ReadAwaitClear {
      override record(id: number) {
        if (id === 2) throw new Error("never 2");
        return super.record(id);
      }
    }
    const { Client, counters } = guardedCopy(Picky, { ...roles, returns: "this" });
    const sink = sinkOf();
    const client = new Client(sink);
    client.record(1);
    const flushed = client.flush();
    for (const id of [2, 3]) client.record(id);
    await flushed;
    expect([...sink.delivered, ...client.buffer]).toEqual([1, 3]);
    expect(counters).toMatchObject({ held: 2, replayed: 2, errors: 0 });
  });

  const broken: [string, string, number][] = [
    ["a merge rule that throws", "buffers: { buffer: { fresh: () => [], merge() { throw new Error('broken'); } } }", 1],
    ["a fresh() that throws", "buffers: { buffer: { fresh() { throw new Error('broken'); }, merge: () => false } }", 1],
    ["a field that is gone", "buffers: { other: 'append' }", 1],
    ["a field of no known shape", "buffers: { shape: 'sum' }", 0],
    ["a field with no setter", "buffers: { constant: 'append' }", 0],
    ["a prepare() that throws", "prepare() { throw new Error('broken'); }", 1],
    ["an adapt() that throws", "adapt() { throw new Error('broken'); }", 1],
    ["a callsOut() that throws", "callsOut: { flush() { throw new Error('broken'); } }", 1],
    [
      "a failed() that throws",
      "buffers: { buffer: 'append' }, view: true, ends: { method: 'send', failed() { throw new Error('broken'); } }",
      1,
    ],
  ];
  test.each(broken)(
    "an error of what a target gives is told once, and the client goes on: %s",
    async (_, declared, lines) => {
      const { code, stdout, stderr } = await run(`
      const { GuardedClass } = await import(dist + "guard/owner/guarded-class.js");
      const { guardMethods } = await import(dist + "patch/guard-methods.js");
      const { guardEngine } = await import(dist + "guard/engine.js");
      class Client {
        buffer = []; sent = []; shape = new Date();
        get constant() { return []; }
        record(id) { this.buffer.push(id); }
        async flush() { await this.send(this.buffer); this.buffer = []; }
        async send(batch) { const ids = [...batch]; await sleep(2); this.sent.push(...ids); }
      }
      const roles = { record: ["record"], flush: ["flush"], ${declared} };
      const guarded = new GuardedClass("Client", roles, { flushTimeoutMs: 1000, maxHeld: 10 });
      guardMethods(guarded, Client.prototype, guardEngine);
      const [one, two] = [new Client(), new Client()];
      for (const client of [one, two]) { client.record(1); client.record(2); }
      await Promise.all([one.flush(), two.flush()]);
      one.record(3);
      await one.flush();
      console.log(JSON.stringify({ one: one.sent, two: two.sent, enabled: guarded.enabled, idle: guarded.idle }));
    `);
      const told =
        /^flushguard: Client: (?:.*: broken; the client runs as it is there|buffers: it has no "other", .*)$/gm;
      expect(stderr.match(told) ?? []).toHaveLength(lines);
      expect(stderr.split("\n").filter((line) => line !== "")).toHaveLength(lines);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toEqual({ one: [1, 2, 3], two: [1, 2], enabled: true, idle: true });
    },
  );

  test("FLUSHGUARD_FLUSH_TIMEOUT_MS and FLUSHGUARD_MAX_HELD are the limits", async () => {
    const source = `
      const { guard, status } = await import(dist + "index.js");
      class Client {
        buffer = [];
        record(id) { this.buffer.push(id); }
        async flush() { const { length } = this.buffer; await new Promise(() => {}); return length; }
      }
      guard(Client, { record: ["record"], flush: ["flush"] });
      const client = new Client();
      client.record("before");
      client.flush();
      for (let id = 0; id < 4; id++) client.record(id);
      const atOnce = client.buffer.slice(1);
      const since = performance.now();
      while (client.buffer.length === 1 && performance.now() - since < 20_000) await sleep(10);
      const { timeouts, capHits } = status().targets.find(({ module }) => module === "Client").counters;
      console.log(JSON.stringify({ atOnce, later: client.buffer.slice(1), timeouts, capHits }));
    `;
    const all = [0, 1, 2, 3];
    expect(await result(source, [], { FLUSHGUARD_FLUSH_TIMEOUT_MS: "20" })).toEqual({
      atOnce: [],
      later: all,
      timeouts: 1,
      capHits: 0,
    });
    expect(await result(source, [], { FLUSHGUARD_MAX_HELD: "3" })).toEqual({
      atOnce: all,
      later: all,
      timeouts: 0,
      capHits: 1,
    });
  });

  test("on a view: a close gives its promise while a flush is in flight", async () => {
    class Client {
      buffer = [1];
      isClosed = false;
      record(id: number): void {
        this.buffer.push(id);
      }
      async flush(): Promise<void> {
        const batch = this.buffer;
        await sleep(5);
        batch.length = 0;
      }
      close(): Promise<void> {
        return this.flush().then(() => {
          this.isClosed = true;
        });
      }
    }
    const declared: Roles = {
      record: ["record"],
      flush: ["flush"],
      close: ["close"],
      buffers: { buffer: "append" },
      view: true,
    };
    for (const Used of [Client, guardedCopy(Client, declared).Client]) {
      const client = new Used();
      void client.flush();
      await client.close();
      expect(client.isClosed).toBe(true);
    }
  });

  test("a flush that gives a thenable of its own is not followed by another of the guard's", async () => {
    class Lazy {
      buffer: number[] = [];
      sent: number[][] = [];
      record(id: number): void {
        this.buffer.push(id);
      }
      flush(): { then: Promise<void>["then"] } {
        const batch = [...this.buffer];
        // Its sender records.
        if (this.sent.length === 0) this.record(2);
        const sent = sleep(2).then(() => {
          this.sent.push(batch);
          this.buffer = [];
        });
        // biome-ignore lint/suspicious/noThenProperty: a promise of a class of its own
        return { then: sent.then.bind(sent) }; // oxlint-disable-line unicorn/no-thenable
      }
    }
    for (const Used of [Lazy, guardedCopy(Lazy, { ...swap, view: false }).Client]) {
      const client = new Used();
      client.record(1);
      await client.flush();
      await sleep(10);
      expect(client.sent).toEqual([[1]]);
    }
  });
});

/** A client for which it is an error to flush when there is nothing to send. */
class Strict {
  buffer: number[] = [];
  sent: number[] = [];
  fails = false;
  record(id: number): void {
    this.buffer.push(id);
  }
  async flush(): Promise<number> {
    if (this.buffer.length === 0) throw new Error("nothing to send");
    const batch = this.buffer;
    await sleep(2);
    if (this.fails) {
      this.buffer = [];
      throw new Error("refused");
    }
    this.sent.push(...batch);
    this.buffer = [];
    return batch.length;
  }
}

describe("a flush that has waited and has nothing left to send", () => {
  const roles = { record: ["record"], flush: ["flush"], buffers: { buffer: "append" } } as const;

  test("gives what the one has given that has sent all", async () => {
    for (const Used of [Strict, guardedCopy(Strict, roles).Client]) {
      const client = new Used();
      client.record(1);
      expect(await Promise.all([client.flush(), client.flush()])).toEqual([1, 1]);
      expect(client.sent).toEqual(Used === Strict ? [1, 1] : [1]);
      await expect(client.flush()).rejects.toThrow("nothing to send");
    }
  });

  test("fails by itself where that one has failed", async () => {
    const client = new (guardedCopy(Strict, roles).Client)();
    client.record(1);
    client.fails = true;
    const [first, second] = await Promise.allSettled([client.flush(), client.flush()]);
    expect([first, second]).toMatchObject([
      { reason: { message: "refused" } },
      { reason: { message: "nothing to send" } },
    ]);
    expect(client.sent).toEqual([]);
  });
});

describe("what is recorded while a flush runs that reads late goes with it in the end", () => {
  /** Reads its buffer a little after it was called. */
  class Late {
    buffer: number[] = [];
    sent: number[] = [];
    calls = 0;
    record(id: number): void {
      this.buffer.push(id);
    }
    async flush(..._args: unknown[]): Promise<void> {
      this.calls++;
      await sleep(1);
      if (this.buffer.length === 0) return;
      const batch = [...this.buffer];
      await sleep(1);
      this.sent.push(...batch);
      this.buffer = [];
    }
  }

  async function played(...args: unknown[]): Promise<Late> {
    const { Client } = guardedCopy(Late, { ...roles, close: [], buffers: { buffer: "append" } });
    const client = new Client();
    const flushed = client.flush(...args);
    client.record(1);
    await flushed;
    await sleep(10);
    return client;
  }

  test.each([[], [undefined], [5], [true], ["all"], [{}], [{ timeoutMs: 5, force: true }, () => {}]])(
    "called with %j, by a second call of the same kind",
    async (...args) => {
      const client = await played(...args);
      expect([client.sent, client.calls]).toEqual([[1], 2]);
    },
  );

  test.each([[[1]], [{ onDone() {} }], [{ more: [1] }], [new Date()], [new Map()]])(
    "unless called with %j, which may be data, or be called twice",
    async (...args) => {
      const client = await played(...args);
      expect([client.sent, client.buffer, client.calls]).toEqual([[], [1], 1]);
    },
  );
});
