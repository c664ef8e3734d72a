import { HOLD, SWAP } from "../strategies.mjs";

/** Clients whose flush is made of another of their flushes. */

function reads(app) {
  return class Client {
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
  };
}

async function twoRecords(app, client, flush) {
  client.record(1);
  client.record(2);
  await client[flush]();
  app.note("when it settles", app.received());
}

const both = { sent: [1, 2], notes: { "when it settles": [1, 2] } };
const each = (name, make) =>
  [SWAP, HOLD].map((roles) => ({ name: `${name}, ${roles.batch}`, run: (app) => make(app, roles), right: both }));

/** Begins a flush, records during it, and waits for that flush and one more. */
async function recordsDuring(app, flush, client) {
  client.record(1);
  await flush(client);
  client.record(2);
  const flushing = flush(client);
  client.record(3);
  await app.sleep(1);
  client.record(4);
  await flushing;
  await flush(client);
}

const ALL = { sent: [1, 2, 3, 4] };
const during = (name, make, alone = { sent: [1, 2] }) =>
  [SWAP, HOLD].map((roles) => ({
    name: `${name}, ${roles.batch}`,
    run: async (app) => make(app, roles),
    right: ALL,
    alone,
  }));

export const programs = [
  ...each("async forceFlush awaits flush", (app, roles) => {
    class Client extends reads(app) {
      async forceFlush() {
        await this.flush();
      }
    }
    app.guard(Client, { record: ["record"], flush: ["flush", "forceFlush"], ...roles });
    return twoRecords(app, new Client(), "forceFlush");
  }),
  ...each("forceFlush returns flush", (app, roles) => {
    class Client extends reads(app) {
      forceFlush() {
        return this.flush();
      }
    }
    app.guard(Client, { record: ["record"], flush: ["flush", "forceFlush"], ...roles });
    return twoRecords(app, new Client(), "forceFlush");
  }),
  ...each("forceFlush waits before it flushes", (app, roles) => {
    class Client extends reads(app) {
      async forceFlush() {
        await app.sleep(2);
        await this.flush();
      }
    }
    app.guard(Client, { record: ["record"], flush: ["flush", "forceFlush"], ...roles });
    return twoRecords(app, new Client(), "forceFlush");
  }),
  ...each("a subclass's flush awaits super.flush()", (app, roles) => {
    class Client extends reads(app) {
      async flush() {
        await super.flush();
      }
    }
    app.guard(Client, { record: ["record"], flush: ["flush"], ...roles });
    return twoRecords(app, new Client(), "flush");
  }),
  ...each("base and leaf guarded, super.flush()", (app, roles) => {
    const Base = reads(app);
    class Client extends Base {
      async flush() {
        await super.flush();
      }
    }
    app.guard(Base, { record: ["record"], flush: ["flush"], ...roles });
    app.guard(Client, { record: ["record"], flush: ["flush"], ...roles });
    return twoRecords(app, new Client(), "flush");
  }),
  ...each("only the base guarded, super.flush() after an await", (app, roles) => {
    const Base = reads(app);
    class Client extends Base {
      async flush() {
        await app.sleep(1);
        await super.flush();
      }
    }
    app.guard(Base, { record: ["record"], flush: ["flush"], ...roles });
    return twoRecords(app, new Client(), "flush");
  }),
  ...each("three levels, all guarded, record and flush by super", (app, roles) => {
    const Base = reads(app);
    class Middle extends Base {
      record(v) {
        super.record(v);
      }
      async flush() {
        await super.flush();
      }
    }
    class Client extends Middle {
      record(v) {
        super.record(v);
      }
      async flush() {
        await super.flush();
      }
    }
    for (const one of [Base, Middle, Client]) app.guard(one, { record: ["record"], flush: ["flush"], ...roles });
    return twoRecords(app, new Client(), "flush");
  }),
  ...[SWAP, HOLD].flatMap((roles) => [
    {
      name: `flush calls itself after a chunk, ${roles.batch}`,
      async run(app) {
        class Client {
          buffer = [];
          sender = app.sender(1);
          record(v) {
            this.buffer.push(v);
          }
          async flush() {
            const chunk = this.buffer.slice(0, 2);
            await this.sender(chunk);
            this.buffer.splice(0, chunk.length);
            if (this.buffer.length > 0) await this.flush();
          }
        }
        app.guard(Client, { record: ["record"], flush: ["flush"], ...roles });
        const client = new Client();
        for (let v = 1; v <= 8; v++) client.record(v);
        await client.flush();
        app.note("left", client.buffer.length);
      },
      right: { sent: [1, 2, 3, 4, 5, 6, 7, 8], notes: { left: 0 } },
    },
    {
      name: `flush calls itself by callback after a chunk, ${roles.batch}`,
      async run(app) {
        class Client {
          buffer = [];
          record(v) {
            this.buffer.push(v);
          }
          flush(done) {
            const chunk = this.buffer.slice(0, 2);
            setTimeout(() => {
              app.take(chunk);
              this.buffer.splice(0, chunk.length);
              if (this.buffer.length > 0) this.flush(done);
              else done();
            }, 1);
          }
        }
        app.guard(Client, { record: ["record"], flush: ["flush"], callback: 0, ...roles });
        const client = new Client();
        for (let v = 1; v <= 6; v++) client.record(v);
        let times = 0;
        await new Promise((resolve) =>
          client.flush(() => {
            times++;
            resolve();
          }),
        );
        await app.sleep(20);
        app.note("called back", times);
      },
      right: { sent: [1, 2, 3, 4, 5, 6], notes: { "called back": 1 } },
    },
  ]),
  {
    name: "forceFlush calls flush, which is over when it returns",
    async run(app) {
      class Client {
        buffer = [];
        record(v) {
          this.buffer.push(v);
        }
        flush() {
          app.take(this.buffer);
          this.buffer = [];
        }
        forceFlush() {
          this.flush();
        }
      }
      app.guard(Client, { record: ["record"], flush: ["flush", "forceFlush"], batch: "on the stack" });
      const client = new Client();
      client.record(1);
      client.record(2);
      client.forceFlush();
      app.note("left", client.buffer.length);
    },
    right: { sent: [1, 2], notes: { left: 0 } },
  },
  ...during("a flush without a callback calls itself with one", (app, roles) => {
    class Client {
      buffer = [];
      record(v) {
        this.buffer.push(v);
      }
      flush(callback) {
        if (callback === undefined) {
          return new Promise((resolve) => {
            void this.flush(resolve);
          });
        }
        const batch = [...this.buffer];
        app.sleep(5).then(() => {
          app.take(batch);
          this.buffer = [];
          callback();
        });
      }
    }
    app.guard(Client, { record: ["record"], flush: ["flush"], ...roles });
    return recordsDuring(app, (client) => client.flush(), new Client());
  }),
  ...during("a flush with a callback calls itself without one", (app, roles) => {
    class Client extends reads(app) {
      flush(callback) {
        if (callback === undefined) return super.flush();
        void this.flush().then(() => callback(), callback);
      }
    }
    app.guard(Client, { record: ["record"], flush: ["flush"], ...roles });
    const flush = (client) => new Promise((resolve, reject) => client.flush((e) => (e ? reject(e) : resolve())));
    return recordsDuring(app, flush, new Client());
  }),
  ...during("a flush fills in its options and calls itself with them", (app, roles) => {
    class Client extends reads(app) {
      async flush(options) {
        if (options === undefined) return this.flush({ all: true });
        await super.flush();
      }
    }
    app.guard(Client, { record: ["record"], flush: ["flush"], ...roles });
    return recordsDuring(app, (client) => client.flush(), new Client());
  }),
  {
    name: "a flush that is over when it returns fills in its callback and calls itself with it",
    async run(app) {
      class Client {
        buffer = [];
        record(v) {
          this.buffer.push(v);
        }
        flush(callback) {
          if (callback === undefined) return this.flush(() => {});
          app.take(this.buffer);
          this.buffer = [];
          callback();
        }
      }
      app.guard(Client, { record: ["record"], flush: ["flush"], batch: "on the stack" });
      const client = new Client();
      for (const v of [1, 2]) {
        client.record(v);
        client.flush();
        app.note(`after ${v}`, app.received());
      }
    },
    right: { sent: [1, 2], notes: { "after 1": [1], "after 2": [1, 2] } },
  },
  {
    name: "a client of two parts, all guarded: one flush has nothing to send, one has, and another is waited for",
    async run(app) {
      const Part = reads(app);
      class Client {
        parts = [new Part(), new Part()];
        record(v) {
          this.parts[v % 2].record(v);
        }
        async flush() {
          for (const part of this.parts) await part.flush();
        }
      }
      for (const Class of [Part, Client]) app.guard(Class, { record: ["record"], flush: ["flush"] });
      const client = new Client();
      void client.flush();
      client.record(1);
      void client.flush();
      await client.flush();
      app.note("when it settles", app.received());
    },
    right: { sent: [1], notes: { "when it settles": [1] } },
    alone: { sent: [1, 1, 1], notes: { "when it settles": [1, 1, 1] } },
  },
];
