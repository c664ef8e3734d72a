import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Roles } from "../../dist/src/target.js";
import { guardedCopy, timedOut } from "./guarded.js";

type Done = (error?: Error) => void;

/** Its flush hands the batch and a callback to the transport, which the test ends by hand. */
class Connection {
  buffer: number[] = [];
  sent: number[][] = [];
  pending: Done[] = [];
  /** What the transport does before it returns. */
  during = (): void => {};

  record(id: number) {
    this.buffer.push(id);
  }

  flush(done?: Done) {
    this.post(this.buffer, (error) => {
      if (error === undefined) this.buffer = [];
      done?.(error);
    });
    return this;
  }

  post(ids: number[], done: Done) {
    this.sent.push([...ids]);
    this.pending.push(done);
    this.during();
  }

  kill() {}
}

const roles: Roles = { record: ["record"], flush: ["flush"], batch: "hold", returns: "nothing", ends: { callback: 0 } };
const swap: Roles = {
  record: ["record"],
  flush: ["flush"],
  buffers: { buffer: "append" },
  view: true,
  ends: { method: "post", abortedBy: ["kill"] },
};

/** It looks at its buffer when its listener has been told, and gives nothing. */
class LooksLate {
  buffer: number[] = [];
  sent: number[] = [];
  listener = (): void => {};
  record(id: number): void {
    this.buffer.push(id);
  }
  flush(): void {
    this.listener();
    this.sent.push(...this.buffer.splice(0));
  }
}

test("what is kept from a flush that gives nothing and looks late is sent right after it", async () => {
  const sentBy = async (client: LooksLate): Promise<number[]> => {
    client.record(1);
    client.listener = () => {
      client.listener = () => {};
      client.record(2);
    };
    client.flush();
    // Some turns more where the clock takes a pause for a freeze.
    await sleep(20);
    return client.sent;
  };
  expect(await sentBy(new LooksLate())).toEqual([1, 2]);
  const methods: Roles = { record: ["record"], flush: ["flush"], returns: "nothing" };
  for (const declared of [methods, { ...methods, buffers: { buffer: "append" } } satisfies Roles])
    expect(await sentBy(new (guardedCopy(LooksLate, declared).Client)())).toEqual([1, 2]);
});

describe("flush with a callback", () => {
  test.each([
    ["hold", roles],
    ["swap", swap],
  ])("%s: returns the instance, not a view of it", (_, declared) => {
    const { Client } = guardedCopy(Connection, declared);
    const client = new Client();
    client.record(1);
    expect(client.flush(() => {})).toBe(client);
  });

  test.each([
    ["hold", roles],
    ["swap", swap],
  ])("%s: one that must wait returns the instance too", async (_, declared) => {
    const { Client } = guardedCopy(Connection, declared);
    const client = new Client();
    client.record(1);
    client.flush(() => {});
    client.record(2);
    expect(client.flush(() => {})).toBe(client);
    client.pending.shift()?.();
    await sleep(1);
    client.pending.shift()?.();
    await sleep(1);
    expect(client.sent).toEqual([[1], [2]]);
    expect(client.buffer).toEqual([]);
  });

  test.each([
    ["hold", roles],
    ["swap", swap],
  ])("%s: a callback called at once, or twice, settles it once", async (_, declared) => {
    const { Client, counters, guarded } = guardedCopy(Connection, declared);
    const client = new Client();
    client.during = () => client.pending[0]?.();
    client.record(1);
    client.flush(() => {});
    client.pending.shift()?.();
    client.during = () => {};
    client.record(2);
    client.flush(() => {});
    const [done] = client.pending;
    done?.();
    await sleep(1);
    client.record(3);
    client.flush(() => {});
    done?.();
    client.record(4);
    await sleep(1);
    expect(guarded.idle).toBe(false);
    client.pending[1]?.();
    await sleep(1);
    if (declared === swap) {
      expect(client.buffer).toEqual([4]);
    } else {
      client.pending[2]?.();
      await sleep(1);
    }
    expect([...client.sent.flat(), ...client.buffer]).toEqual([1, 2, 3, 4]);
    expect(guarded.idle).toBe(true);
    expect(counters).toMatchObject({ flushes: declared === swap ? 3 : 4, timeouts: 0, errors: 0 });
  });

  test("a promise settles it, even if the transport never calls back", async () => {
    class Both extends Connection {
      override flush(): never {
        super.flush();
        return sleep(5).then(() => {
          this.buffer = [];
        }) as never;
      }
    }
    const { Client, guarded } = guardedCopy(Both, swap);
    const client = new Client();
    client.record(1);
    const flushed: Promise<void> = client.flush();
    client.record(2);
    await flushed;
    expect(client.buffer).toEqual([2]);
    expect(guarded.idle).toBe(true);
  });

  test("an aborted send ends it, and its batch is back in the buffer", () => {
    const { Client, guarded } = guardedCopy(Connection, swap);
    const client = new Client();
    client.record(1);
    client.flush();
    client.record(2);
    client.kill();
    expect(client.buffer).toEqual([1, 2]);
    expect(guarded.idle).toBe(true);
  });

  test("a send aborted before the flush returns ends it too", () => {
    const { Client, guarded } = guardedCopy(Connection, swap);
    const client = new Client();
    client.during = () => client.kill();
    client.record(1);
    client.flush();
    expect(client.buffer).toEqual([1]);
    expect(guarded.idle).toBe(true);
  });

  test("a send aborted after the flush has timed out gives its batch back", async () => {
    const { Client, counters } = guardedCopy(Connection, swap, { flushTimeoutMs: 5 });
    const client = new Client();
    client.record(1);
    client.flush();
    await timedOut(counters);
    client.record(2);
    client.kill();
    expect(client.buffer).toEqual([1, 2]);
  });

  test("a promise asked for from inside the first flush is a promise", () => {
    class Plain extends Connection {
      override flush(): never {
        this.post(this.buffer, () => {});
        return Promise.resolve() as never;
      }
    }
    const { Client } = guardedCopy(Plain, roles);
    const client = new Client();
    let inner: unknown;
    client.during = () => {
      client.during = () => {};
      inner = client.flush();
    };
    client.record(1);
    client.flush();
    expect(inner).toBeInstanceOf(Promise);
  });
});

test("a callback that throws when it is given the error of a flush that has waited disturbs nobody", async () => {
  class Refusing extends Connection {
    override flush(done?: Done): this {
      if (this.sent.length > 0) throw new Error("refused");
      return super.flush(done);
    }
  }
  const { Client, guarded } = guardedCopy(Refusing, roles);
  const client = new Client();
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);
  process.on("unhandledRejection", note);
  const given: unknown[] = [];
  client.record(1);
  client.flush(() => {});
  client.flush((error) => {
    given.push(error?.message);
    throw error ?? new Error("called back");
  });
  client.pending[0]?.();
  await sleep(5);
  process.off("unhandledRejection", note);
  expect([given, unhandled]).toEqual([["refused"], []]);
  expect(guarded.idle).toBe(true);
});

describe("flush whose callers leave the callback out", () => {
  /** As Connection, but its batch is detached before it is sent. */
  class Detaching extends Connection {
    override flush(done?: Done) {
      if (this.buffer.length > 0) this.post(this.buffer.splice(0), done as Done);
      else done?.();
      return this;
    }
  }

  test("tracked: one with a callback waits for it", async () => {
    const { Client, guarded } = guardedCopy(Detaching, { flush: ["flush"], batch: "detached", ends: { callback: 0 } });
    const client = new Client();
    client.record(1);
    expect(client.flush()).toBe(client);
    let called = 0;
    client.flush(() => called++);
    await sleep(5);
    expect(called).toBe(0);
    client.pending[0]?.();
    await sleep(5);
    expect(called).toBe(1);
    expect(guarded.idle).toBe(true);
  });

  test("held: it is over when the transport calls back, not when it returns", async () => {
    const { Client, guarded } = guardedCopy(Detaching, {
      ...roles,
      batch: "hold",
      returns: "nothing",
      ends: { callback: 0 },
    });
    const client = new Client();
    client.record(1);
    client.flush();
    client.record(2);
    expect(client.buffer).toEqual([]);
    client.pending[0]?.();
    await sleep(5);
    // Right after it.
    expect(client.sent).toEqual([[1], [2]]);
    client.pending[1]?.();
    await sleep(5);
    expect(guarded.idle).toBe(true);
  });

  test("arguments before it are passed on, and a callback that is given is the only one", () => {
    const { Client } = guardedCopy(
      class extends Detaching {
        seen: unknown[][] = [];
        override flush(...args: never[]) {
          this.seen.push(args);
          return this;
        }
      },
      { flush: ["flush"], batch: "detached", ends: { callback: 1 } },
    );
    const client = new Client();
    const flush = client.flush.bind(client) as (...args: unknown[]) => unknown;
    flush(true);
    flush();
    flush(true, () => {});
    expect(client.seen).toEqual([
      [true, expect.any(Function)],
      [undefined, expect.any(Function)],
      [true, expect.any(Function)],
    ]);
  });

  test("at a position where nothing is called back: it is said when the time of a flush is over", async () => {
    class Second extends Connection {
      override flush(_options?: unknown, done?: Done): this {
        return super.flush(done);
      }
    }
    const { Client, guarded } = guardedCopy(Second, roles, { flushTimeoutMs: 20 });
    const client = new Client();
    client.record(1);
    client.flush();
    await expect
      .poll(() => [...guarded.reasons])
      .toEqual(["ends.callback: what is given at 0 was not called in 20 ms"]);
    const right = guardedCopy(Second, { ...roles, ends: { callback: 1 } }, { flushTimeoutMs: 20 });
    const other = new right.Client();
    other.record(1);
    other.flush();
    for (const done of other.pending) done();
    await sleep(60);
    expect([...right.guarded.reasons]).toEqual([]);
  });

  test("one whose callback has never been called keeps no other flush waiting", async () => {
    class NeverCalls {
      buffer: number[] = [];
      sent: number[] = [];
      record(id: number): void {
        this.buffer.push(id);
      }
      flush(_done?: () => void): unknown {
        this.sent.push(...this.buffer.splice(0));
        return undefined;
      }
      async forceFlush(): Promise<void> {
        await this.flush();
      }
    }
    const roles: Roles = { record: ["record"], flush: ["flush", "forceFlush"], batch: "hold" };
    const { Client, counters } = guardedCopy(NeverCalls, roles, { flushTimeoutMs: 2000 });
    const client = new Client();
    client.record(1);
    client.flush(() => {});
    client.record(2);
    await client.forceFlush();
    expect(client.sent).toEqual([1, 2]);
    expect(counters.timeouts).toBe(0);
  });
});

test("a callback that is called at once does not end a flush that gives a promise", async () => {
  class Both {
    buffer: number[] = [];
    running = 0;
    most = 0;
    record(id: number) {
      this.buffer.push(id);
    }
    async flush(done: Done) {
      this.most = Math.max(this.most, ++this.running);
      done();
      await sleep(2);
      this.buffer = [];
      this.running--;
    }
  }
  const { Client: Guarded } = guardedCopy(Both, { record: ["record"], flush: ["flush"] });
  const client = new Guarded();
  client.record(1);
  await client.flush(() => {});
  client.record(2);
  await Promise.all([client.flush(() => {}), client.flush(() => {})]);
  expect(client.most).toBe(1);
});

test("a close whose callback is called for what was sent before it waits for what it sends itself", async () => {
  class OneSlot {
    arrived: number[] = [];
    #queue: number[] = [];
    #done = (): void => {};
    record(value: number): void {
      this.#queue.push(value);
    }
    async post(values: number[]): Promise<void> {
      await sleep(5);
      this.arrived.push(...values);
      this.#done();
    }
    flush(done: () => void): void {
      this.#done = done;
      void this.post(this.#queue.splice(0));
    }
  }
  const { Client } = guardedCopy(OneSlot, { record: ["record"], send: ["post"], close: ["flush"], batch: "detached" });
  const client = new Client();
  client.record(1);
  client.flush(() => {});
  await sleep(3);
  client.record(2);
  await new Promise<void>((resolve) => client.flush(resolve));
  expect(client.arrived).toEqual([1, 2]);
});
