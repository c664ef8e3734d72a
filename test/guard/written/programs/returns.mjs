import { compileFunction } from "node:vm";
import { DETACHED, HOLD, SWAP } from "../strategies.mjs";

/** What methods return, and what that says about whether their calls can wait. */

function counter(app, record) {
  class Client {
    buffer = [];
    sender = app.sender();
    async flush() {
      const batch = [...this.buffer];
      await this.sender(batch);
      this.buffer = this.buffer.slice(batch.length);
    }
  }
  Object.defineProperty(Client.prototype, "record", { value: record, writable: true, configurable: true });
  return Client;
}

/** A thenable, as some clients return. */
class Sending {
  id = 7;
  constructor(sent) {
    Object.defineProperty(this, ["then"][0], { value: (...args) => sent.then(...args) });
  }
}

/** A method of that source text. */
const method = (text) => compileFunction(`return ${text}`)();

/** The same client with a record that returns something. */
const recording = (name, record, check, sent = [1, 2]) => ({
  name,
  async run(app) {
    const Client = counter(app, record);
    app.guard(Client, { record: ["record"], flush: ["flush"], batch: "hold" });
    const client = new Client();
    check(app, client, "idle", client.record(1));
    const flushing = client.flush();
    check(app, client, "while a flush is in flight", client.record(2));
    await flushing;
    await client.flush();
  },
  right: { sent, notes: { idle: true, "while a flush is in flight": true } },
});

const isClient = (app, client, when, value) => app.note(when, value === client);

export const programs = [
  recording(
    "a minified record that chains",
    method("function(e,t){return void 0===t&&(t=1),this.buffer.push(e),this}"),
    isClient,
  ),
  recording(
    'a record in one line with "https://" in a string',
    method('function record(v) { this.url = "https://example.org/"; this.buffer.push(v); return this; }'),
    isClient,
  ),
  recording(
    "a record that returns this by another name",
    function record(v) {
      this.buffer.push(v);
      return this;
    },
    isClient,
  ),
  recording(
    "a record that returns a value",
    function record(v) {
      this.buffer.push(v);
      return v * 2;
    },
    (app, _, when, value) => app.note(when, value === 2 || value === 4),
  ),
  recording(
    "a record that returns nothing",
    function record(v) {
      this.buffer.push(v);
    },
    (app, _, when, value) => app.note(when, value === undefined),
  ),
  {
    name: "a record that returns what push does, its flushes overlapping",
    async run(app) {
      class Client {
        buffer = [];
        sender = app.sender();
        record(v) {
          return this.buffer.push(v);
        }
        async flush() {
          const batch = this.buffer;
          await this.sender(batch);
          this.buffer = [];
        }
      }
      app.guard(Client, { record: ["record"], flush: ["flush"], batch: "hold" });
      const client = new Client();
      client.record(1);
      void client.flush();
      client.record(2);
      await client.flush();
      app.note("one of each", new Set(app.received()).size);
    },
    right: { sent: [1, 1, 2], notes: { "one of each": 2 } },
  },
  {
    name: "records by a reference taken before the guard came, hold",
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
      const { record } = Client.prototype;
      app.guard(Client, { record: ["record"], flush: ["flush"], batch: "hold" });
      const client = new Client();
      record.call(client, 1);
      void client.flush();
      record.call(client, 2);
      await client.flush();
    },
    right: { sent: [1, 1, 2] },
  },
  {
    name: "records bound in the constructor before the guard came, hold",
    async run(app) {
      class Client {
        buffer = [];
        sender = app.sender();
        constructor() {
          this.record = this.record.bind(this);
        }
        record(v) {
          this.buffer.push(v);
        }
        async flush() {
          const batch = this.buffer;
          await this.sender(batch);
          this.buffer = [];
        }
      }
      const client = new Client();
      app.guard(Client, { record: ["record"], flush: ["flush"], batch: "hold" });
      client.record(1);
      void client.flush();
      client.record(2);
      await client.flush();
    },
    right: { sent: [1, 1, 2] },
  },
  {
    name: "a promise with a method of its own",
    async run(app) {
      class Client {
        buffer = [];
        sender = app.sender();
        record(v) {
          this.buffer.push(v);
        }
        flush() {
          const batch = this.buffer;
          this.buffer = [];
          const sent = this.sender(batch);
          return Object.assign(sent, { cancel: () => "cancelled" });
        }
      }
      app.guard(Client, { record: ["record"], flush: ["flush"], batch: "detached" });
      const client = new Client();
      client.record(1);
      const first = client.flush();
      client.record(2);
      const second = client.flush();
      app.note("first", first.cancel?.());
      app.note("second", second.cancel?.());
      await Promise.all([first, second]);
    },
    right: { sent: [1, 2], notes: { first: "cancelled", second: "cancelled" } },
  },
  {
    name: "a thenable stays one",
    async run(app) {
      class Client {
        buffer = [];
        sender = app.sender();
        record(v) {
          this.buffer.push(v);
        }
        flush() {
          const batch = this.buffer;
          this.buffer = [];
          const sent = this.sender(batch);
          return new Sending(sent);
        }
      }
      app.guard(Client, { record: ["record"], flush: ["flush"], batch: "detached" });
      const client = new Client();
      client.record(1);
      const both = [client.flush(), client.flush()];
      app.note(
        "ids",
        both.map(({ id }) => id),
      );
      for (const one of both) await new Promise((resolve) => one.then(resolve));
    },
    right: { sent: [1], notes: { ids: [7, 7] } },
  },
  {
    name: "an asynchronous generator stays one",
    async run(app) {
      class Client {
        buffer = [];
        sender = app.sender();
        record(v) {
          this.buffer.push(v);
        }
        async *flush() {
          const batch = this.buffer;
          this.buffer = [];
          await this.sender(batch);
          yield batch.length;
        }
      }
      app.guard(Client, { record: ["record"], flush: ["flush"], batch: "hold" });
      const client = new Client();
      client.record(1);
      const lengths = [];
      const first = client.flush();
      const second = client.flush();
      for await (const length of first) lengths.push(length);
      for await (const length of second) lengths.push(length);
      app.note("lengths", lengths);
    },
    right: { sent: [1], notes: { lengths: [1, 0] } },
  },
  ...[undefined, null, false].map((value) => ({
    name: `one flush gives ${value} instead of a promise`,
    async run(app) {
      class Client {
        buffer = [];
        record(v) {
          this.buffer.push(v);
        }
        flush() {
          const batch = this.buffer;
          const sent = app.post(batch);
          const clear = () => {
            this.buffer = this.buffer.slice(batch.length);
          };
          if (sent instanceof Promise) return sent.then(clear);
          clear();
          return sent;
        }
      }
      const sender = app.sender();
      let odd = true;
      app.post = (batch) => {
        if (!odd) return sender([...batch]);
        odd = false;
        app.take(batch);
        return value;
      };
      const { guarded } = app.guard(Client, {
        record: ["record"],
        flush: ["flush"],
        batch: "swap",
        buffers: { buffer: "append" },
      });
      void guarded;
      const client = new Client();
      client.record(1);
      app.note("the odd one", client.flush() === value);
      client.record(2);
      await client.flush();
    },
    right: { sent: [1, 2], notes: { "the odd one": true } },
  })),
  ...[SWAP, HOLD].map((roles) => ({
    name: `a promise of a class of its own, which nothing is sent beside that the app has not asked for, ${roles.batch}`,
    async run(app) {
      class Sending extends Promise {}
      class Client {
        buffer = [];
        sender = app.sender();
        record(v) {
          this.buffer.push(v);
        }
        flush() {
          return new Sending((resolve) => {
            this.sender(this.buffer).then(() => {
              this.buffer = [];
              resolve();
            });
          });
        }
      }
      app.guard(Client, { record: ["record"], flush: ["flush"], ...roles });
      const client = new Client();
      client.record(1);
      const flushing = client.flush();
      await app.sleep(1);
      client.record(2);
      await Promise.resolve(flushing);
      await app.sleep(1);
      await Promise.resolve(client.flush());
    },
    right: { sent: [1, 2] },
    alone: { sent: [1] },
  })),
  ...[HOLD, SWAP, DETACHED].flatMap((roles) =>
    ["promise", "callback", "promise, promise", "promise, callback", "callback, promise", "callback, callback"].map(
      (calls) => ({
        name: `a flush that gives a promise where its callback is left out, ${roles.batch}: ${calls}`,
        async run(app) {
          const send = app.sender();
          class Client {
            buffer = [];
            record(v) {
              this.buffer.push(v);
            }
            async run() {
              const batch = roles === DETACHED ? this.buffer.splice(0) : this.buffer;
              await send(batch);
              if (roles !== DETACHED) this.buffer = [];
            }
            flush(done) {
              const sent = this.run();
              if (typeof done !== "function") return sent;
              void sent.then(() => done(), done);
            }
          }
          app.guard(Client, { record: ["record"], flush: ["flush"], callback: 0, ...roles });
          const one = new Client();
          for (const v of [1, 2]) {
            one.record(v);
            const over = calls.split(", ").map((call) => {
              if (call === "promise") return one.flush();
              return new Promise((resolve) => app.note("with a callback", one.flush(resolve) === undefined));
            });
            app.note("without one", !calls.includes("promise") || over.every((given) => given instanceof Promise));
            await Promise.all(over.map((given) => Promise.resolve(given)));
            app.note(`${v} when it is over`, app.received().includes(v));
          }
        },
        atLeast: [1, 2],
        right: {
          notes: {
            "1 when it is over": true,
            "2 when it is over": true,
            "without one": true,
            ...(calls.includes("callback") ? { "with a callback": true } : {}),
          },
        },
      }),
    ),
  ),
  ...[HOLD, SWAP].flatMap((roles) =>
    ["with a callback", "without one", "either way"].map((before) => ({
      name: `a record that gives a promise where its callback is left out, ${roles.batch}: called ${before} before`,
      async run(app) {
        const send = app.sender();
        class Client {
          buffer = [];
          record(v, done) {
            this.buffer.push(v);
            const stored = app.sleep(1);
            if (done === undefined) return stored;
            void stored.then(done);
          }
          async flush() {
            const batch = this.buffer;
            await send(batch);
            this.buffer = [];
          }
        }
        app.guard(Client, { record: ["record"], flush: ["flush"], ...roles });
        const one = new Client();
        if (before !== "without one") await new Promise((resolve) => void one.record(1, resolve));
        if (before !== "with a callback") await one.record(1);
        await one.flush();
        one.record(2, () => {});
        const flushing = one.flush();
        const given = one.record(3);
        app.note("without one", given instanceof Promise);
        app.note("with one", one.record(4, () => app.note("called back")) === undefined);
        await flushing;
        await given;
        await one.flush();
      },
      atLeast: [1, 2],
      right: { notes: { "without one": true, "with one": true, "called back": true } },
    })),
  ),
];
