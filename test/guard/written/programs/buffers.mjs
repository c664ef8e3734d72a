/** Buffers of shapes that no rule was written for. */

const failsOnce = (app) => {
  let failures = 1;
  return async (batch) => {
    await app.sleep(2);
    if (failures-- > 0) throw new Error("503");
    app.take(batch);
  };
};

/** A client that empties its buffer once it has been sent. */
const client = (app, fresh, add, read) =>
  class Client {
    buffer = fresh();
    record(...args) {
      add(this.buffer, ...args);
    }
    async flush() {
      const batch = this.buffer;
      await this.post(batch);
      this.buffer = fresh();
    }
    async post(batch) {
      const seen = read(batch);
      await app.sleep(2);
      app.take(seen);
    }
  };

const idle = (name, rule, fresh, add, read, records, sent) => ({
  name,
  async run(app) {
    const Client = client(app, fresh, add, read);
    app.guard(Client, { record: ["record"], flush: ["flush"], batch: "swap", buffers: { buffer: rule } });
    const one = new Client();
    for (const args of records) one.record(...args);
    await one.flush();
    for (const args of records) one.record(...args);
    await one.flush();
  },
  right: { sent },
});

const during = (name, rule, fresh, add, read, sent) => ({
  name: `${name}, recorded during a flush`,
  async run(app) {
    const Client = client(app, fresh, add, read);
    app.guard(Client, { record: ["record"], flush: ["flush"], batch: "swap", buffers: { buffer: rule } });
    const one = new Client();
    one.record("a", 1);
    const flushing = one.flush();
    try {
      one.record("b", 2);
    } catch (error) {
      app.note("record throws", error.message);
    }
    await flushing;
    one.record("c", 3);
    await one.flush();
    app.note(
      "arrived",
      ["a", "c"].every((key) => JSON.stringify(app.received()).includes(key)),
    );
  },
  right: { notes: { arrived: true } },
  // Where such a buffer is left alone, "b" is lost as it is without the guard.
  atLeast: sent.filter(([key]) => key !== "b"),
});

class Table extends Map {}
class List extends Array {}
class Amount {
  constructor(n) {
    this.n = n;
  }
}

const addToMap = (buffer, key, n) => buffer.set(key, (buffer.get(key) ?? 0) + n);
const entries = (buffer) => [...buffer];

/** Guarded, with a flush that takes one buffer when the other has been sent. */
function twoBuffers(app, send, roles) {
  class Client {
    odd = [];
    even = [];
    record(v) {
      (v % 2 ? this.odd : this.even).push(v);
    }
    async flush() {
      await send(this.odd);
      this.odd = [];
      await send(this.even);
      this.even = [];
    }
  }
  app.guard(Client, { record: ["record"], flush: ["flush"], ...roles });
  return Client;
}

/** Guarded, with a flush that sends what is under one key after the other and then takes it away. */
function byKey(app, fresh, add, entries, drop) {
  const send = app.sender();
  class Client {
    buffer = fresh();
    record(v) {
      add(this.buffer, v % 2 === 0 ? "even" : "odd", v);
    }
    async flush() {
      for (const [key, list] of entries(this.buffer)) {
        await send(list);
        drop(this.buffer, key);
      }
    }
  }
  app.guard(Client, { record: ["record"], flush: ["flush"], batch: "swap", buffers: { buffer: "append" } });
  return new Client();
}

const duringKeys = (name, ...parts) => ({
  name: `${name}, recorded when the flush is at the second key`,
  async run(app) {
    const one = byKey(app, ...parts);
    for (const v of [1, 2]) one.record(v);
    const flushing = one.flush();
    await app.sleep(7);
    one.record(4);
    one.record(3);
    await flushing;
    await one.flush();
  },
  right: { sent: [1, 2, 4, 3] },
  alone: { sent: [1, 2, 3] },
});

export const programs = [
  idle(
    "a subclass of Map",
    "sum",
    () => new Table(),
    addToMap,
    entries,
    [
      ["a", 1],
      ["a", 2],
    ],
    [
      ["a", 3],
      ["a", 3],
    ],
  ),
  idle(
    "a subclass of Array",
    "append",
    () => new List(),
    (b, v) => b.push(v),
    (b) => [...b],
    [["a"], ["b"]],
    ["a", "b", "a", "b"],
  ),
  idle(
    "an object of two objects",
    "sum",
    () => ({ counters: {}, gauges: {} }),
    (b, key, n) => {
      b.counters[key] = (b.counters[key] ?? 0) + n;
      b.gauges[key] = n;
    },
    (b) => [JSON.stringify(b)],
    [
      ["a", 1],
      ["a", 2],
    ],
    Array(2).fill('{"counters":{"a":3},"gauges":{"a":2}}'),
  ),
  idle(
    "fields that are always there",
    "sum",
    () => ({ count: 0, total: 0 }),
    (b, n) => {
      b.count++;
      b.total += n;
    },
    (b) => [JSON.stringify(b)],
    [[5], [6]],
    Array(2).fill('{"count":2,"total":11}'),
  ),
  during("a subclass of Map", "sum", () => new Table(), addToMap, entries, [
    ["a", 1],
    ["b", 2],
    ["c", 3],
  ]),
  ...[
    {
      held: "class instances",
      add: (b, key, n) => b.set(key, new Amount((b.get(key)?.n ?? 0) + n)),
      read: (b) => [...b].map(([key, { n }]) => [key, n]),
    },
    {
      held: "bigints",
      add: (b, key, n) => b.set(key, (b.get(key) ?? 0n) + BigInt(n)),
      read: (b) => [...b].map(([key, n]) => [key, Number(n)]),
    },
    {
      held: "arrays",
      add: (b, key, n) => b.set(key, [...(b.get(key) ?? []), n]),
      read: (b) => [...b].map(([key, all]) => [key, all.reduce((x, y) => x + y, 0)]),
    },
  ].map(({ held, add, read }) => ({
    name: `a Map of ${held}, one send fails`,
    async run(app) {
      class Client {
        buffer = new Map();
        sender = failsOnce(app);
        record(key, n) {
          add(this.buffer, key, n);
        }
        async flush() {
          const batch = this.buffer;
          await this.sender(read(batch));
          this.buffer = new Map();
        }
      }
      app.guard(Client, { record: ["record"], flush: ["flush"], batch: "swap", buffers: { buffer: "sum" } });
      const one = new Client();
      one.record("a", 1);
      one.record("a", 2);
      const failed = one.flush().catch((error) => app.note("rejected", error.message));
      one.record("a", 3);
      await failed;
      await one.flush();
    },
    right: { sent: [["a", 6]], notes: { rejected: "503" } },
  })),
  {
    name: "a field that the first flush makes",
    async run(app) {
      class Client {
        record(v) {
          this.buffer ??= [];
          this.buffer.push(v);
        }
        async flush() {
          this.buffer ??= [];
          const batch = this.buffer;
          await app.sender()(batch);
          this.buffer = [];
        }
      }
      app.guard(Client, { record: ["record"], flush: ["flush"], batch: "swap", buffers: { buffer: "append" } });
      const one = new Client();
      await one.flush();
      one.record(1);
      await one.flush();
      const other = new Client();
      other.record(2);
      await other.flush();
    },
    right: { sent: [1, 2] },
  },
  {
    name: "one odd instance beside others",
    async run(app) {
      class Client {
        buffer = [];
        sender = app.sender();
        record(v) {
          this.buffer.push(v);
        }
        async flush() {
          const batch = this.buffer;
          await this.sender(batch);
          this.buffer = [];
        }
      }
      app.guard(Client, { record: ["record"], flush: ["flush"], batch: "swap", buffers: { buffer: "append" } });
      const odd = new Client();
      odd.buffer = new Proxy([], {});
      odd.record(1);
      await odd.flush();
      const one = new Client();
      one.record(2);
      const flushing = one.flush();
      one.record(3);
      await flushing;
      await one.flush();
    },
    right: { sent: [1, 2, 3] },
    alone: { sent: [1, 2] },
  },
  ...[{ batch: "swap", buffers: { odd: "append", even: "append" } }, {}].map((roles) => ({
    name: `two buffers that are sent one after the other, ${roles.batch ?? "of a class that does not name them"}`,
    async run(app) {
      let sends = 0;
      const client = new (twoBuffers(
        app,
        async (batch) => {
          const items = [...batch];
          await app.sleep(2);
          if (++sends === 3) client.record(4);
          if (sends === 4) client.record(3);
          await app.sleep(2);
          app.take(items);
        },
        roles,
      ))();
      client.record(1);
      client.record(2);
      await client.flush();
      client.record(5);
      await client.flush();
      await client.flush();
    },
    right: { sent: [1, 2, 3, 4, 5] },
    anyOrder: true,
  })),
  duringKeys(
    "lists in a Map",
    () => new Map(),
    (buffer, key, v) => buffer.set(key, [...(buffer.get(key) ?? []), v]),
    (buffer) => [...buffer],
    (buffer, key) => buffer.delete(key),
  ),
  duringKeys(
    "lists in a dictionary",
    () => ({}),
    (buffer, key, v) => {
      buffer[key] = [...(buffer[key] ?? []), v];
    },
    (buffer) => Object.entries(buffer),
    (buffer, key) => delete buffer[key],
  ),
  {
    name: "two lists in a list, which take turns",
    async run(app) {
      const send = app.sender();
      class Client {
        buffers = [[], []];
        active = 0;
        record(v) {
          this.buffers[this.active].push(v);
        }
        async flush() {
          const batch = this.buffers[this.active];
          this.active = 1 - this.active;
          await send(batch);
          batch.length = 0;
        }
      }
      app.guard(Client, { record: ["record"], flush: ["flush"], batch: "swap", buffers: { buffers: "append" } });
      const one = new Client();
      one.record(1);
      const flushing = one.flush();
      one.record(2);
      await flushing;
      await one.flush();
    },
    right: { sent: [1, 2] },
  },
  {
    name: "a text with separators, whose first line has none before it",
    async run(app) {
      class Client {
        text = "";
        record(v) {
          this.text += `${this.text === "" ? "" : ","}${v}`;
        }
        async flush() {
          const text = this.text;
          await app.sleep(5);
          app.note(`took ${text}`);
          if (text === "10") throw new Error("refused");
          this.text = "";
        }
      }
      app.guard(Client, { record: ["record"], flush: ["flush"], batch: "swap", buffers: { text: "append" } });
      const one = new Client();
      one.record(10);
      const flushing = one.flush().catch(() => {});
      one.record(20);
      await flushing;
      await one.flush();
    },
    right: { notes: { "took 10": true, "took 10,20": true } },
  },
  {
    name: "a record that notes its promise before it stores, late, while another flush follows",
    async run(app) {
      const send = app.sender();
      class Client {
        buffer = [];
        pending = new Set();
        record(v) {
          const stored = app.sleep(1).then(() => {
            this.buffer.push(v);
            this.pending.delete(stored);
          });
          this.pending.add(stored);
          return stored;
        }
        async flush() {
          await Promise.all(this.pending);
          if (this.buffer.length === 0) return;
          await send(this.buffer);
          this.buffer = [];
        }
      }
      app.guard(Client, { record: ["record"], flush: ["flush"], batch: "swap", buffers: { buffer: "append" } });
      const one = new Client();
      void one.record(1);
      await app.sleep(2);
      void one.flush();
      void one.record(2);
      await app.sleep(8);
      await one.flush();
    },
    right: { sent: [1, 2] },
    alone: { sent: [1] },
  },
  ...Object.entries({
    "its promise": (client) => {
      client.state.current ??= client.run().finally(() => {
        client.state.current = undefined;
      });
      return client.state.current;
    },
    "how many there were": (client) => {
      client.state.runs = [...(client.state.runs ?? []), client.buffer.length];
      return client.run();
    },
    "a number by size": (client) => {
      client.counts[client.buffer.length] = (client.counts[client.buffer.length] ?? 0) + 1;
      return client.run();
    },
  }).map(([what, flush]) => ({
    name: `a class's first flush, which a record asks for and which keeps ${what} in the client`,
    async run(app) {
      const send = app.sender();
      class Client {
        buffer = [];
        state = {};
        counts = {};
        record(v) {
          this.buffer.push(v);
          if (this.buffer.length === 2) void this.flush();
        }
        flush() {
          return flush(this);
        }
        async run() {
          if (this.buffer.length === 0) return;
          await send(this.buffer);
          this.buffer.length = 0;
        }
      }
      app.guard(Client, { record: ["record"], flush: ["flush"], batch: "swap", buffers: { buffer: "append" } });
      const one = new Client();
      for (const v of [1, 2, 3]) one.record(v);
      await app.sleep(9);
      await one.flush();
    },
    right: { sent: [1, 2, 3] },
    alone: { sent: [1, 2] },
  })),
];
