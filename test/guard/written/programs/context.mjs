import { HOLD, SWAP } from "../strategies.mjs";

/** The app's own asynchronous context, in calls that wait and in what waits for them. */

const client = (app, { item = () => app.storage.getStore(), roles }) => {
  class Client {
    buffer = [];
    sender = app.sender();
    record(v) {
      this.buffer.push(`${v}@${item()}`);
    }
    async flush() {
      const batch = this.buffer;
      await this.sender(batch);
      this.buffer = this.buffer.slice(batch.length);
    }
  }
  app.guard(Client, { record: ["record"], flush: ["flush"], ...roles });
  return new Client();
};

const strategies = [SWAP, HOLD];

export const programs = strategies.flatMap((roles) => [
  {
    name: `a record made in one context while another flushes, ${roles.batch}`,
    async run(app) {
      const one = client(app, { roles });
      one.sender = app.sender();
      app.storage.run("tenant-1", () => one.record("x"));
      const flushing = app.storage.run("tenant-1", () => one.flush());
      app.storage.run("tenant-2", () => one.record("y"));
      await flushing;
      await one.flush();
    },
    right: { sent: ["x@tenant-1", "y@tenant-2"] },
    // The batch is cut at its length when the send is over.
    alone: { sent: ["x@tenant-1"] },
  },
  {
    name: `records of three contexts, none and two others, ${roles.batch}`,
    async run(app) {
      const one = client(app, { roles });
      one.record("a");
      const flushing = one.flush();
      for (const tenant of ["t1", "t2"]) app.storage.run(tenant, () => one.record("b"));
      one.record("c");
      await flushing;
      await one.flush();
    },
    right: { sent: ["a@undefined", "b@t1", "b@t2", "c@undefined"] },
    alone: { sent: ["a@undefined"] },
  },
  {
    name: `a flush that waited runs in the context it was called in, ${roles.batch}`,
    async run(app) {
      class Client {
        buffer = [];
        record(v) {
          this.buffer.push(v);
        }
        async flush() {
          const batch = this.buffer;
          this.buffer = [];
          app.note(`flush of ${batch.join()}`, app.storage.getStore());
          await app.sender()(batch);
        }
      }
      app.guard(Client, { record: ["record"], flush: ["flush"], ...roles });
      const one = new Client();
      one.record("a");
      const first = app.storage.run("first", () => one.flush());
      one.record("b");
      await app.storage.run("second", () => one.flush());
      await first;
    },
    right: { sent: ["a", "b"], notes: { "flush of a": "first", "flush of b": "second" } },
  },
  {
    name: `what awaits a flush goes on in its own context, ${roles.batch}`,
    async run(app) {
      const one = client(app, { roles });
      one.record("a");
      const wait = async (name) => {
        await one.flush();
        app.note(`after ${name}`, app.storage.getStore());
      };
      await Promise.all([app.storage.run("t1", () => wait("one")), app.storage.run("t2", () => wait("two"))]);
      app.note("at the end", app.storage.getStore() ?? "none");
    },
    right: { sent: ["a@undefined"], notes: { "after one": "t1", "after two": "t2", "at the end": "none" } },
    alone: { sent: ["a@undefined", "a@undefined"] },
  },
  {
    name: `a callback is called in the context of its flush, ${roles.batch}`,
    async run(app) {
      class Client {
        buffer = [];
        record(v) {
          this.buffer.push(v);
        }
        flush(done) {
          const batch = this.buffer;
          this.buffer = [];
          setTimeout(() => {
            app.take(batch);
            done();
          }, 2);
        }
      }
      app.guard(Client, { record: ["record"], flush: ["flush"], callback: 0, ...roles });
      const one = new Client();
      one.record("a");
      for (const tenant of ["t1", "t2"]) {
        app.storage.run(tenant, () => one.flush(() => app.note(`callback of ${tenant}`, app.storage.getStore())));
      }
      await app.sleep(50);
    },
    right: { sent: ["a"], notes: { "callback of t1": "t1", "callback of t2": "t2" } },
  },
]);
