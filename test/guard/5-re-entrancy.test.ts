import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Roles } from "../../dist/src/target.js";
import { copyOf, guardedCopy, sorted } from "./guarded.js";

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

  test.each([
    ["hold", roles],
    ["swap", { ...roles, buffers: { buffer: "append" } } satisfies Roles],
  ])("%s: a flush from inside a flush that another has called", async (_, declared) => {
    class Delegating extends Client {
      forceFlush(): Promise<void> {
        return this.flush();
      }
    }
    const sentBy = async (Model: typeof Delegating): Promise<number[]> => {
      const client = new Model();
      client.sender = () => client.flush();
      client.record(1);
      await client.forceFlush();
      await client.forceFlush();
      return client.sent;
    };
    expect(await sentBy(copyOf(Delegating))).toEqual([1, 1]);
    const { Client: Guarded } = guardedCopy(Delegating, { ...declared, flush: ["flush", "forceFlush"] });
    expect(await sentBy(Guarded)).toEqual([1]);
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

  // V8 keeps no way back from a plain callback, so that flush waits for the one that waits for it.
  const untold: [string, (client: Client) => unknown][] = [
    ["a timer", (client) => new Promise((resolve) => setTimeout(() => resolve(client.flush()), 1))],
    ["a microtask", (client) => new Promise((resolve) => queueMicrotask(() => resolve(client.flush())))],
  ];
  test.each(untold)(
    "one awaited from inside a flush in %s settles when its time is over, and nothing is lost",
    async (_, flush) => {
      const { Client: Guarded, counters, guarded } = guardedCopy(Client, roles, { flushTimeoutMs: 40 });
      const client = new Guarded();
      client.sender = () => {
        client.record(2);
        return flush(client);
      };
      client.record(1);
      await client.flush();
      await client.flush();
      expect([...new Set(sorted(client.sent))]).toEqual([1, 2]);
      expect(client.buffer).toEqual([]);
      expect(counters.timeouts).toBeGreaterThan(0);
      expect(guarded.idle).toBe(true);
    },
  );

  test("no AsyncLocalStorage is entered: an active one makes every await of the app dearer", async () => {
    const run = vi.spyOn(AsyncLocalStorage.prototype, "run");
    const enterWith = vi.spyOn(AsyncLocalStorage.prototype, "enterWith");
    const { Client: Guarded } = guardedCopy(Client, roles);
    const client = new Guarded();
    client.record(1);
    await Promise.all([client.flush(), client.flush()]);
    expect(run).not.toHaveBeenCalled();
    expect(enterWith).not.toHaveBeenCalled();
  });
});

describe("a flush whose sender waits for another client's", () => {
  test("is waited for by a third's, which sends nothing twice", async () => {
    for (const Used of [Client, guardedCopy(Client, { ...roles, batch: "hold" }).Client]) {
      const [a, b, c] = [new Used(), new Used(), new Used()];
      for (const client of [a, b, c]) client.record(1);
      b.sender = () => sleep(20);
      a.sender = () => b.flush();
      c.sender = () => a.flush();
      const others = [b.flush(), a.flush()];
      await c.flush();
      if (Used !== Client) expect([a.sent, b.sent]).toEqual([[1], [1]]);
      await Promise.all(others);
      const sent = [a, b, c].map((client) => client.sent);
      expect(sent).toEqual(Used === Client ? [[1, 1], [1, 1], [1]] : [[1], [1], [1]]);
    }
  });

  test("in a circle of three waits for none that waits for it", async () => {
    const { Client: Guarded, counters } = guardedCopy(Client, { ...roles, batch: "hold" }, { flushTimeoutMs: 2000 });
    const [a, b, c] = [new Guarded(), new Guarded(), new Guarded()];
    for (const client of [a, b, c]) client.record(1);
    const later = (client: Client) => () => sleep(1).then(async () => await client.flush());
    a.sender = later(b);
    b.sender = later(c);
    c.sender = later(a);
    await Promise.all([b.flush(), a.flush(), c.flush()]);
    expect(counters.timeouts).toBe(0);
    expect([a, b, c].map((client) => [...new Set(client.sent)])).toEqual([[1], [1], [1]]);
  });
});

describe("a flush that calls another of its client's", () => {
  /** Takes a part of the buffer itself, and leaves the rest to a flush that reads it first and clears it later. */
  class InTwo extends Client {
    override async flush(): Promise<void> {
      void this.sender();
      const first = this.buffer.splice(0, 2);
      const rest = this.rest();
      await sleep(1);
      this.sent.push(...first);
      await rest;
    }
    async rest(): Promise<void> {
      const batch = [...this.buffer];
      await sleep(5);
      this.sent.push(...batch);
      this.buffer = [];
    }
  }

  test.each([
    ["unguarded", () => InTwo, [1, 2, 3, 4]],
    [
      "guarded",
      () =>
        guardedCopy(InTwo, { ...roles, flush: ["flush", "rest"], batch: "swap", buffers: { buffer: "append" } }).Client,
      [1, 2, 3, 4, 5],
    ],
  ])("keeps records from that one, whatever it has taken before: %s", async (_, prepare, all) => {
    const client = new (prepare())();
    for (const id of [1, 2, 3]) client.record(id);
    client.sender = () => client.record(4);
    const flushed = client.flush();
    client.sender = () => undefined;
    client.record(5);
    await flushed;
    expect(sorted([...client.sent, ...client.buffer])).toEqual(all);
  });
});

describe("a flush that a sender asks for and nobody waits for", () => {
  /** Has a flush that another of its flushes calls, and that waits before it reads. */
  class Delegates extends Client {
    override async flush(): Promise<void> {
      await sleep(1);
      if (this.buffer.length === 0) return;
      const batch = [...this.buffer];
      void this.sender();
      this.sent.push(...batch);
      await Promise.resolve();
      this.buffer = [];
    }
    async forceFlush(): Promise<void> {
      await this.flush();
    }
  }

  test.each([
    ["unguarded", () => Delegates],
    [
      "guarded",
      () => guardedCopy(Delegates, { ...roles, flush: ["flush", "forceFlush"], buffers: { buffer: "append" } }).Client,
    ],
  ])("loses nothing that is recorded beside the one in flight: %s", async (_, prepare) => {
    const client = new (prepare())();
    client.sender = () => {
      client.sender = () => undefined;
      return client.flush();
    };
    client.record(1);
    const flushed = client.forceFlush();
    client.record(2);
    await flushed;
    await sleep(5);
    await client.flush();
    expect(sorted(client.sent)).toEqual([1, 2]);
  });
});

describe("a flush that calls itself", () => {
  /** Sends two at a time, and asks itself for the rest. */
  class Chunks {
    buffer: number[] = [];
    sent: number[] = [];
    record(id: number): void {
      this.buffer.push(id);
    }
    async flush(): Promise<void> {
      if (this.buffer.length === 0) return;
      const batch = this.buffer.splice(0, 2);
      await sleep(1);
      this.sent.push(...batch);
      await this.flush();
    }
  }

  test.each([true, false, undefined])("does not wait for itself, whatever its target says (%s)", async (callsOut) => {
    const roles: Roles = { record: ["record"], flush: ["flush"], batch: "hold" };
    if (callsOut !== undefined) roles.callsOut = { flush: callsOut };
    const { Client, counters } = guardedCopy(Chunks, roles, { flushTimeoutMs: 2000 });
    const client = new Client();
    for (const id of [1, 2, 3, 4, 5]) client.record(id);
    await client.flush();
    while (client.buffer.length > 0) await client.flush();
    expect(sorted(client.sent)).toEqual([1, 2, 3, 4, 5]);
    expect(counters.timeouts).toBe(0);
  });

  /** Reads two, and clears them once they are sent. */
  class ReadsBefore extends Chunks {
    override async flush(): Promise<void> {
      if (this.buffer.length === 0) return;
      const batch = this.buffer.slice(0, 2);
      await sleep(1);
      this.sent.push(...batch);
      this.buffer.splice(0, batch.length);
      await this.flush();
    }
  }

  test("keeps others out to its end", async () => {
    const { Client } = guardedCopy(ReadsBefore, {
      record: ["record"],
      flush: ["flush"],
      buffers: { buffer: "append" },
    });
    for (const Used of [ReadsBefore, Client]) {
      const client = new Used();
      for (const id of [1, 2]) client.record(id);
      const flushed = client.flush();
      client.record(3);
      await Promise.all([flushed, client.flush()]);
      if (Used === Client) expect(client.sent).toEqual([1, 2, 3]);
      else expect(client.sent).not.toEqual([1, 2, 3]);
    }
  });
});

describe("a close that a flush asks for", () => {
  /** Its server ends it. */
  class Ended {
    buffer: number[] = [];
    sent: number[] = [];
    isClosed = false;
    record(id: number): void {
      if (!this.isClosed) this.buffer.push(id);
    }
    async flush(): Promise<void> {
      const batch = [...this.buffer];
      await sleep(2);
      this.sent.push(...batch);
      if (batch.includes(1)) await this.close();
      this.buffer = [];
    }
    async close(): Promise<void> {
      this.isClosed = true;
    }
  }

  test("leaves what is kept from the flush to the next one", async () => {
    const { Client } = guardedCopy(Ended, {
      record: ["record"],
      flush: ["flush"],
      close: ["close"],
      buffers: { buffer: "append" },
    });
    for (const Used of [Ended, Client]) {
      const client = new Used();
      client.record(1);
      const flushed = client.flush();
      client.record(2);
      await flushed;
      expect(client.sent).toEqual(Used === Client ? [1, 2] : [1]);
      expect(client.buffer).toEqual([]);
    }
  });

  /** A close that sends what is there. */
  class SendsAtClose extends Ended {
    override async close(): Promise<void> {
      this.isClosed = true;
      this.sent.push(...this.buffer.splice(0));
    }
  }

  test("sends it where it sends what is there", async () => {
    const { Client } = guardedCopy(SendsAtClose, {
      record: ["record"],
      flush: ["flush"],
      close: ["close"],
      buffers: { buffer: "append" },
    });
    const client = new Client();
    client.record(1);
    const flushed = client.flush();
    client.record(2);
    await flushed;
    expect(client.sent.filter((id) => id === 2)).toEqual([2]);
    expect(client.buffer).toEqual([]);
  });
});

/** A record that has gone on before its call has returned, and asks for a flush there. */
class StoringLate {
  buffer: number[] = [];
  readonly sent: number[];
  readonly other: StoringLate | undefined;
  constructor(sent: number[] = [], other?: StoringLate) {
    this.sent = sent;
    this.other = other;
  }
  async flush(): Promise<void> {
    const batch = this.buffer;
    await sleep(5);
    this.sent.push(...batch);
    this.buffer = [];
  }
  async record(id: number): Promise<void> {
    const stored = this.store(id);
    void this.other?.flush();
    await stored;
  }
  async store(id: number): Promise<void> {
    await Promise.resolve();
    this.buffer.push(id);
    await this.flush();
  }
}

test.each([
  ["unguarded", false, [0, 1, 1]],
  ["guarded", true, [0, 1]],
])(
  "a flush that a record asks for is told from the app's, also where both begin in one turn: %s",
  async (_, isGuarded, sent) => {
    const Client = isGuarded
      ? guardedCopy(StoringLate, { record: ["record"], flush: ["flush"], buffers: { buffer: "append" } }).Client
      : StoringLate;
    const client = new Client([], new Client());
    await client.record(0);
    const recorded = client.record(1);
    await client.flush();
    await recorded;
    expect(client.sent).toEqual(sent);
  },
);
