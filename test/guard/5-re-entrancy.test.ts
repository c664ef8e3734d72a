import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Roles } from "../../dist/src/target.js";
import { guardedCopy, sorted } from "./guarded.js";

/** Its sender does what the test tells it to, in the middle of the flush. */
class Client {
  buffer: number[] = [];
  sent: number[] = [];
  sender: () => unknown = () => undefined;

  record(id: number) {
    this.buffer.push(id);
  }

  async flush(): Promise<void> {
    const batch = [...this.buffer];
    if (batch.length === 0) return;
    await this.send(batch);
    this.buffer.splice(0, batch.length);
  }

  async send(batch: number[]) {
    const { sender } = this;
    this.sender = () => undefined;
    await sender();
    await sleep(1);
    this.sent.push(...batch);
  }
}

class Detaching extends Client {
  override async flush(): Promise<void> {
    const batch = this.buffer;
    this.buffer = [];
    if (batch.length > 0) await this.send(batch);
  }
}

const roles: Roles = { record: ["record"], flush: ["flush"] };
const strategies: [string, typeof Client, Roles][] = [
  ["hold", Client, roles],
  ["swap", Client, { ...roles, buffers: { buffer: "append" } }],
  ["tracked", Detaching, { ...roles, batch: "detached" }],
];
const inner: [string, (client: Client) => unknown][] = [
  ["at once", (client) => client.flush()],
  [
    "after an await",
    async (client) => {
      await sleep(1);
      await client.flush();
    },
  ],
  ["from a timer", (client) => new Promise((resolve) => setTimeout(() => resolve(client.flush()), 1))],
  [
    "from a microtask",
    (client) => new Promise<void>((resolve) => queueMicrotask(() => resolve(client.flush() as never))),
  ],
  ["twice", (client) => Promise.all([client.flush(), client.flush()])],
  ["through bind", (client) => client.flush.bind(client)()],
];
const all = strategies.flatMap(([strategy, Model, declared]) =>
  inner.map(([when, flush]) => ({ strategy, Model, declared, when, flush })),
);

describe("guarantee 5: re-entrancy is safe", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test.each(all)("$strategy: a flush awaited from inside a flush, $when", async ({ Model, declared, flush }) => {
    const { Client: Guarded, counters, guarded } = guardedCopy(Model, declared, { flushTimeoutMs: 1000 });
    const client = new Guarded();
    client.sender = () => {
      client.record(2);
      return flush(client);
    };
    client.record(1);
    await client.flush();
    await client.flush();
    expect(sorted(client.sent)).toEqual([1, 2]);
    expect(client.buffer).toEqual([]);
    expect(counters).toMatchObject({ timeouts: 0, errors: 0 });
    expect(guarded.idle).toBe(true);
  });

  test("a sender that flushes every time does not flush for ever", async () => {
    const { Client: Guarded, counters } = guardedCopy(Client, roles);
    const client = new Guarded();
    const again = (): void => {
      client.sender = again;
      client.record(client.sent.length);
      void client.flush();
    };
    client.sender = again;
    client.record(100);
    await client.flush();
    await sleep(20);
    expect(counters.flushes).toBeLessThan(5);
    expect(client.sent.length + client.buffer.length).toBe(1 + counters.flushes);
  });

  test("a synchronous flush whose callback and sender record and flush", async () => {
    class Synchronous extends Client {
      calls = 0;
      override flush(done?: () => void): never {
        this.calls++;
        const batch = [...this.buffer];
        const { sender } = this;
        this.sender = () => undefined;
        sender();
        this.sent.push(...batch);
        this.buffer = [];
        done?.();
        return undefined as never;
      }
    }
    const { Client: Guarded } = guardedCopy(Synchronous, { ...roles, batch: "on the stack" });
    const client = new Guarded();
    client.sender = () => {
      client.record(2);
      void client.flush();
    };
    client.record(1);
    void client.flush(() => client.record(3));
    expect(client.sent).toEqual([1]);
    expect(client.buffer).toEqual([2, 3]);
    await sleep(5);
    expect(client.sent).toEqual([1, 2, 3]);
    expect(client.calls).toBe(2);
  });

  test("the context is followed only while a flush is in flight", async () => {
    const run = vi.spyOn(AsyncLocalStorage.prototype, "run");
    const disable = vi.spyOn(AsyncLocalStorage.prototype, "disable");
    const { Client: Guarded } = guardedCopy(Client, roles);
    const [one, two] = [new Guarded(), new Guarded()];
    for (const client of [one, two]) client.record(1);
    expect(run).not.toHaveBeenCalled();
    const flushed = [one.flush(), two.flush()];
    expect(run).toHaveBeenCalledTimes(2);
    await flushed[0];
    await Promise.all(flushed);
    expect(disable).toHaveBeenCalledTimes(1);
    const [storage] = run.mock.contexts as AsyncLocalStorage<unknown>[];
    expect(disable.mock.contexts[0]).toBe(storage);
    expect(storage?.getStore()).toBeUndefined();
  });
});
