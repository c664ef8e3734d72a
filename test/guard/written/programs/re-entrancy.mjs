import { HOLD, SWAP } from "../strategies.mjs";

/** What a flush is asked for while it runs: by records, senders, callbacks and other clients. */

const strategies = [SWAP, HOLD];

const automatic = (name, isFull) =>
  strategies.map((roles) => ({
    name: `${name}, ${roles.batch}`,
    async run(app) {
      class Client {
        buffer = [];
        record(v) {
          this.buffer.push(v);
          if (isFull(this.buffer)) void this.flush();
        }
        async flush() {
          const batch = this.buffer;
          this.buffer = [];
          await app.sender()(batch);
        }
      }
      app.guard(Client, { record: ["record"], flush: ["flush"], ...roles });
      const client = new Client();
      for (let v = 1; v <= 20; v++) client.record(v);
      await app.sleep(100);
      app.note("sent by itself", app.received().length);
    },
    right: { sent: Array.from({ length: 20 }, (_, i) => i + 1), notes: { "sent by itself": 20 } },
  }));

export const programs = [
  ...automatic("flushes by itself at ten or more", (buffer) => buffer.length >= 10),
  ...automatic("flushes by itself at ten exactly", (buffer) => buffer.length === 10),
  ...automatic("flushes by itself at each", (buffer) => buffer.length > 0),
  ...strategies.flatMap((roles) => [
    {
      name: `records that are over when their value is flushed, ${roles.batch}`,
      async run(app) {
        class Client {
          buffer = [];
          waiting = [];
          record(v) {
            return new Promise((resolve) => {
              this.buffer.push(v);
              this.waiting.push(resolve);
            });
          }
          async flush() {
            const [batch, waiting] = [this.buffer, this.waiting];
            this.buffer = [];
            this.waiting = [];
            await app.sender()(batch);
            for (const resolve of waiting) resolve();
          }
        }
        app.guard(Client, { record: ["record"], flush: ["flush"], ...roles });
        const client = new Client();
        const recorded = Promise.all([client.record(1), client.record(2)]);
        await client.flush();
        await recorded;
        const third = client.record(3);
        void client.flush();
        const fourth = client.record(4);
        await third;
        await client.flush();
        await fourth;
      },
      right: { sent: [1, 2, 3, 4] },
    },
    {
      name: `300 asynchronous records at once, ${roles.batch}`,
      async run(app) {
        class Client {
          buffer = [];
          async record(v) {
            await app.sleep(5);
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
        const since = Date.now();
        await Promise.all(Array.from({ length: 300 }, (_, v) => client.record(v)));
        app.note("within 20 ms", Date.now() - since <= 20);
        await client.flush();
        app.note("arrived", app.received().length);
        app.forget();
      },
      right: { notes: { "within 20 ms": true, arrived: 300 } },
    },
    {
      name: `asynchronous records during a flush, ${roles.batch}`,
      async run(app) {
        class Client {
          buffer = [];
          async record(v) {
            await app.turn();
            this.buffer.push(v);
          }
          async flush() {
            const batch = this.buffer;
            this.buffer = [];
            await app.sender(20)(batch);
          }
        }
        app.guard(Client, { record: ["record"], flush: ["flush"], ...roles });
        const client = new Client();
        await client.record(1);
        const flushing = client.flush();
        await client.record(2);
        await flushing;
        await client.flush();
      },
      right: { sent: [1, 2] },
    },
    {
      name: `two clients whose senders await each other's flush, ${roles.batch}`,
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
            await app.sleep(2);
            await this.other.flush();
            app.take(batch);
          }
        }
        app.guard(Client, { record: ["record"], flush: ["flush"], ...roles });
        const [one, two] = [new Client(), new Client()];
        one.other = two;
        two.other = one;
        one.record(1);
        two.record(2);
        await Promise.all([one.flush(), two.flush()]);
        app.note(
          "both",
          [...app.received()].sort((a, b) => a - b),
        );
      },
      right: { sent: [1, 2], notes: { both: [1, 2] } },
      anyOrder: true,
    },
    {
      name: `a sender that awaits its own client's flush, ${roles.batch}`,
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
            await app.sleep(2);
            await this.flush();
            app.take(batch);
          }
        }
        app.guard(Client, { record: ["record"], flush: ["flush"], ...roles });
        const client = new Client();
        client.record(1);
        await client.flush();
        client.record(2);
        await client.flush();
      },
      right: { sent: [1, 2] },
    },
    {
      name: `a flush by callback that throws while another is in flight, ${roles.batch}`,
      async run(app) {
        class Client {
          buffer = [];
          record(v) {
            this.buffer.push(v);
          }
          flush(options, done) {
            if (typeof options !== "object") throw new TypeError("options are required");
            const batch = this.buffer;
            this.buffer = [];
            setTimeout(() => {
              app.take(batch);
              done(null);
            }, 2);
          }
        }
        app.guard(Client, { record: ["record"], flush: ["flush"], callback: 1, ...roles });
        const client = new Client();
        client.record(1);
        client.flush({}, () => app.note("first"));
        const told = new Promise((resolve) => {
          try {
            client.flush(undefined, resolve);
          } catch (error) {
            resolve(error);
          }
        });
        app.note("second", (await told)?.message);
        await app.sleep(10);
      },
      right: { sent: [1], notes: { first: true, second: "options are required" } },
    },
    {
      name: `a flush that closes its client when it is refused, ${roles.batch}`,
      async run(app) {
        class Client {
          buffer = [];
          disabled = false;
          requests = 0;
          record(v) {
            this.buffer.push(v);
          }
          async flush() {
            if (this.disabled) return;
            const batch = this.buffer;
            this.buffer = [];
            this.requests++;
            await app.sleep(2);
            app.note("refused", batch);
            this.close();
          }
          close() {
            this.disabled = true;
          }
        }
        app.guard(Client, { record: ["record"], flush: ["flush"], close: ["close"], ...roles });
        const client = new Client();
        client.record(1);
        await client.flush();
        app.note("disabled", client.disabled);
        client.record(2);
        await client.flush();
        app.note("requests", client.requests);
      },
      right: { notes: { refused: [1], disabled: true, requests: 1 } },
    },
  ]),
];
