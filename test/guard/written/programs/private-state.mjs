/** Clients that cannot do with another object in the place of their own: private state, and whoever else holds them. */

const ROLES = { record: ["record"], flush: ["flush"], batch: "swap", buffers: { buffer: "append" } };

const check = (state, self, msg) => {
  if (!state.has(self)) throw new TypeError(`Cannot ${msg}`);
};
/** How compilers raise a private counter: each looks for the very object that was constructed. */
const lowered = {
  esbuild(state, self) {
    check(state, self, "read from private field");
    state.set(self, state.get(self) + 1);
  },
  swc(state, self) {
    check(state, self, "get private field on non-instance");
    state.get(self).value++;
  },
  typescript(state, self) {
    check(state, self, "read private member from an object whose class did not declare it");
    state.set(self, state.get(self) + 1);
  },
  babel(state, self) {
    check(state, self, "find a private element on this object");
    state.set(self, state.get(self) + 1);
  },
  "state in a WeakMap"(state, self) {
    state.set(self, state.get(self) + 1);
  },
};

const two = async (client) => {
  client.record(1);
  client.record(2);
  await client.flush();
  client.record(3);
  await client.flush();
};

const sends = (name, make) => ({
  name,
  async run(app) {
    const client = make(app, (Client) => app.guard(Client, ROLES));
    await two(client);
  },
  right: { sent: [1, 2, 3] },
});

export const programs = [
  ...Object.entries(lowered).map(([compiler, touch]) =>
    sends(`private state: ${compiler}`, (app, guard) => {
      const state = new WeakMap();
      class Client {
        buffer = [];
        constructor() {
          state.set(this, compiler === "swc" ? { value: 0 } : 0);
        }
        record(v) {
          touch(state, this);
          this.buffer.push(v);
        }
        async flush() {
          touch(state, this);
          const batch = this.buffer;
          await app.sender()(batch);
          this.buffer = [];
          if (Number.isNaN(state.get(this))) throw new Error("not the instance");
        }
      }
      guard(Client);
      return new Client();
    }),
  ),
  sends("a native #private field", (app, guard) => {
    class Client {
      #n = 0;
      buffer = [];
      record(v) {
        if (++this.#n > 99) throw new Error("too many");
        this.buffer.push(v);
      }
      async flush() {
        if (++this.#n > 99) throw new Error("too many");
        const batch = this.buffer;
        await app.sender()(batch);
        this.buffer = [];
      }
    }
    guard(Client);
    return new Client();
  }),
  sends("a native #private field of the base class", (app, guard) => {
    class Base {
      #n = 0;
      touch() {
        if (++this.#n > 99) throw new Error("too many");
      }
    }
    class Client extends Base {
      buffer = [];
      record(v) {
        this.touch();
        this.buffer.push(v);
      }
      async flush() {
        this.touch();
        const batch = this.buffer;
        await app.sender()(batch);
        this.buffer = [];
      }
    }
    guard(Client);
    return new Client();
  }),
  sends("a client that extends Map", (app, guard) => {
    class Client extends Map {
      buffer = [];
      record(v) {
        this.set(v, v);
        this.buffer.push(v);
      }
      async flush() {
        const batch = this.buffer;
        if (!this.has(batch[0])) throw new Error("not there");
        await app.sender()(batch);
        this.buffer = [];
      }
    }
    guard(Client);
    return new Client();
  }),
  sends("helpers that are arrow fields", (app, guard) => {
    class Client {
      buffer = [];
      take = () => {
        const batch = this.buffer;
        return batch;
      };
      record(v) {
        this.buffer.push(v);
      }
      async flush() {
        const batch = this.take();
        await app.sender()(batch);
        this.buffer = [];
      }
    }
    guard(Client);
    return new Client();
  }),
  sends("helpers that are bound in the constructor", (app, guard) => {
    class Client {
      buffer = [];
      constructor() {
        this.send = this.send.bind(this);
      }
      record(v) {
        this.buffer.push(v);
      }
      async send() {
        const batch = this.buffer;
        await app.sender()(batch);
        this.buffer = [];
      }
      async flush() {
        await this.send();
      }
    }
    guard(Client);
    return new Client();
  }),
  sends("a frozen client", (app, guard) => {
    class Client {
      buffer = [];
      constructor() {
        Object.freeze(this);
      }
      record(v) {
        this.buffer.push(v);
      }
      async flush() {
        const batch = [...this.buffer];
        await app.sender()(batch);
        this.buffer.splice(0, batch.length);
      }
    }
    guard(Client);
    return new Client();
  }),
  sends("a sealed client with a buffer that is defined anew", (app, guard) => {
    class Client {
      buffer = [];
      record(v) {
        this.buffer.push(v);
      }
      async flush() {
        const batch = this.buffer;
        await app.sender()(batch);
        Object.defineProperty(this, "buffer", { value: [], writable: true, enumerable: true, configurable: true });
      }
    }
    guard(Client);
    return new Client();
  }),
  {
    name: "a flush that replaces the owner of the buffer",
    async run(app) {
      class Client {
        core = { buffer: [] };
        record(v) {
          this.core.buffer.push(v);
        }
        async flush() {
          const { buffer } = this.core;
          await app.sender()(buffer);
          this.core = { buffer: [] };
        }
      }
      app.guard(Client, { ...ROLES, owner: "core" });
      await two(new Client());
    },
    right: { sent: [1, 2, 3] },
  },
  {
    name: "a client that hands itself to its listeners",
    async run(app) {
      class Client {
        buffer = [];
        flushed = [];
        record(v) {
          this.buffer.push(v);
        }
        async flush() {
          const batch = this.buffer;
          await app.sender()(batch);
          this.buffer = [];
          for (const listener of this.flushed) listener(this);
        }
      }
      app.guard(Client, ROLES);
      const client = new Client();
      client.flushed.push((self) => app.note("itself", self === client));
      await two(client);
    },
    right: { sent: [1, 2, 3], notes: { itself: true } },
  },
  {
    name: "a client that keeps itself in a collection",
    async run(app) {
      const all = new Set();
      class Client {
        buffer = [];
        record(v) {
          this.buffer.push(v);
        }
        async flush() {
          all.add(this);
          const batch = this.buffer;
          await app.sender()(batch);
          this.buffer = [];
        }
      }
      app.guard(Client, ROLES);
      const client = new Client();
      await two(client);
      app.note("in it", all.has(client) && all.size === 1);
    },
    right: { sent: [1, 2, 3], notes: { "in it": true } },
  },
  {
    name: "a collaborator that holds the buffer",
    async run(app) {
      class Encoder {
        constructor(buffer) {
          this.buffer = buffer;
        }
        encode() {
          return this.buffer.splice(0);
        }
      }
      class Client {
        buffer = [];
        encoder = new Encoder(this.buffer);
        record(v) {
          this.buffer.push(v);
        }
        async flush() {
          const batch = this.encoder.encode();
          await app.sender()(batch);
        }
      }
      app.guard(Client, ROLES);
      await two(new Client());
    },
    right: { sent: [1, 2, 3] },
  },
  {
    name: "a collaborator that adds to the buffer it holds, during a flush",
    async run(app) {
      class Client {
        buffer = [];
        record(v) {
          this.buffer.push(v);
        }
        async flush() {
          const batch = [...this.buffer];
          await app.sender()(batch);
          this.buffer.splice(0, batch.length);
        }
      }
      app.guard(Client, ROLES);
      const client = new Client();
      const { buffer } = client;
      client.record(1);
      const flushing = client.flush();
      client.record(2);
      buffer.push(3);
      await flushing;
      await client.flush();
      app.note(
        "all",
        [...app.received()].sort((a, b) => a - b),
      );
    },
    right: { sent: [1, 2, 3], notes: { all: [1, 2, 3] } },
    anyOrder: true,
  },
];
