import { DETACHED, HOLD, SWAP } from "../strategies.mjs";

/** Failures, and who is told of them. */

const strategies = [SWAP, HOLD, DETACHED];

const refusing = (app) => async () => {
  await app.sleep(2);
  throw new Error("503");
};

export const programs = strategies.flatMap((roles) => [
  {
    name: `a flush that handles its own rejection, three that nobody awaits, ${roles.batch}`,
    async run(app) {
      class Client {
        buffer = [];
        sender = refusing(app);
        record(v) {
          this.buffer.push(v);
        }
        flush() {
          const batch = this.buffer;
          this.buffer = [];
          const sent = this.sender(batch);
          sent.catch(() => {});
          return sent;
        }
      }
      app.guard(Client, { record: ["record"], flush: ["flush"], ...roles });
      const client = new Client();
      for (let v = 0; v < 3; v++) {
        client.record(v);
        void client.flush();
      }
      await app.sleep(50);
    },
    right: {},
  },
  {
    name: `one flush fails, the next does not, ${roles.batch}`,
    async run(app) {
      class Client {
        buffer = [];
        n = 0;
        record(v) {
          this.buffer.push(v);
        }
        async flush() {
          const batch = this.buffer;
          this.buffer = [];
          const fails = this.n++ === 0;
          await app.sleep(fails ? 5 : 2);
          if (fails) throw new Error("503");
          app.take(batch);
        }
      }
      app.guard(Client, { record: ["record"], flush: ["flush"], ...roles });
      const client = new Client();
      client.record(1);
      const first = client.flush().catch((error) => app.note("first", error.message));
      client.record(2);
      await client.flush().then(
        () => app.note("second", "fulfilled"),
        (error) => app.note("second", error.message),
      );
      await first;
    },
    right: { sent: [2], notes: { first: "503", second: "fulfilled" } },
  },
  {
    name: `a rejection nobody handles stays one, ${roles.batch}`,
    async run(app) {
      class Client {
        buffer = [];
        record(v) {
          this.buffer.push(v);
        }
        async flush() {
          const batch = this.buffer;
          this.buffer = [];
          await refusing(app)(batch);
        }
      }
      app.guard(Client, { record: ["record"], flush: ["flush"], ...roles });
      const client = new Client();
      client.record(1);
      void client.flush();
      await app.sleep(20);
    },
    right: { unhandled: ["503"] },
  },
  {
    name: `a flush that throws throws, ${roles.batch}`,
    async run(app) {
      class Client {
        buffer = [];
        record(v) {
          this.buffer.push(v);
        }
        flush() {
          throw new Error("not connected");
        }
      }
      app.guard(Client, { record: ["record"], flush: ["flush"], ...roles });
      const client = new Client();
      client.record(1);
      for (const time of ["once", "twice"]) {
        try {
          client.flush();
        } catch (error) {
          app.note(time, error.message);
        }
      }
    },
    right: { notes: { once: "not connected", twice: "not connected" } },
  },
  {
    name: `a send that never comes back, nothing else alive, ${roles.batch}`,
    async run(app) {
      class Client {
        buffer = [];
        record(v) {
          this.buffer.push(v);
        }
        async flush() {
          const batch = this.buffer;
          if (batch.length === 0) return;
          this.buffer = [];
          app.take(batch);
          await new Promise(() => {});
        }
      }
      app.guard(Client, { record: ["record"], flush: ["flush"], ...roles });
      const client = new Client();
      client.record(1);
      void client.flush();
      await client.flush();
      app.note("the next line");
    },
    right: { sent: [1], notes: { "the next line": true } },
    patient: true,
  },
  {
    name: `a send that waits for timers that keep nothing alive, ${roles.batch}`,
    async run(app) {
      class Client {
        buffer = [];
        record(v) {
          this.buffer.push(v);
        }
        async flush() {
          const batch = this.buffer;
          if (batch.length === 0) return;
          this.buffer = [];
          await new Promise((resolve) => setTimeout(resolve, 5).unref());
          app.take(batch);
        }
      }
      app.guard(Client, { record: ["record"], flush: ["flush"], ...roles });
      const client = new Client();
      client.record(1);
      void client.flush();
      await client.flush();
      app.note("the next line");
    },
    right: { notes: { "the next line": true } },
    atLeast: [],
    patient: true,
  },
  {
    name: `a record that throws, ${roles.batch}`,
    async run(app) {
      class Client {
        buffer = [];
        record(v) {
          if (typeof v !== "number") throw new TypeError("not a number");
          this.buffer.push(v);
        }
        async flush() {
          const batch = this.buffer;
          this.buffer = [];
          await app.sender()(batch);
        }
      }
      app.guard(Client, { record: ["record"], flush: ["flush"], ...roles });
      const client = new Client();
      client.record(1);
      try {
        client.record("x");
      } catch (error) {
        app.note("throws", error.message);
      }
      await client.flush();
    },
    right: { sent: [1], notes: { throws: "not a number" } },
  },
]);
