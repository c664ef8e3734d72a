import { DETACHED, HOLD, SWAP } from "../strategies.mjs";

/** Closes of every form, also in the middle of a flush. */

const strategies = [SWAP, HOLD];

const closing = (name, methods, close, right, alone) =>
  strategies.map((roles) => ({
    name: `${name}, ${roles.batch}`,
    async run(app) {
      class Client {
        buffer = [];
        closed = false;
        record(v) {
          if (this.closed) throw new Error("closed");
          this.buffer.push(v);
        }
      }
      Object.defineProperties(Client.prototype, Object.getOwnPropertyDescriptors(methods(app)));
      app.guard(Client, { record: ["record"], flush: ["flush"], close: ["close"], ...roles });
      const client = new Client();
      client.record(1);
      await close(app, client);
      app.note("closed", client.closed);
    },
    right: { sent: [1], ...right, notes: { closed: true, ...right?.notes } },
    ...(alone === undefined ? {} : { alone: { ...alone, notes: { closed: true, ...alone.notes } } }),
  }));

const promising = (app) => ({
  async flush() {
    const batch = this.buffer;
    this.buffer = [];
    await app.sender()(batch);
  },
});

/** Empties the buffer when it has been sent. */
const clearing = (send) => ({
  async flush() {
    if (this.buffer.length === 0) return;
    await send(this.buffer);
    this.buffer = [];
  },
});

/** The same, with a close that calls back after its flush. */
const callingBack = (app) => ({
  ...clearing(app.sender()),
  close(done) {
    void this.flush().then(() => {
      this.closed = true;
      done();
    });
  },
});

export const programs = [
  ...closing(
    "close returns flush().finally(), a flush is in flight",
    (app) => ({
      ...promising(app),
      close() {
        return this.flush().finally(() => {
          this.closed = true;
        });
      },
    }),
    async (_, client) => {
      void client.flush();
      client.record(2);
      await client.close();
    },
    { sent: [1, 2] },
  ),
  ...closing(
    "async close awaits flush, a flush is in flight",
    (app) => ({
      ...promising(app),
      async close() {
        await this.flush();
        this.closed = true;
      },
    }),
    async (_, client) => {
      void client.flush();
      client.record(2);
      await client.close();
    },
    { sent: [1, 2] },
  ),
  ...closing(
    "close calls flush and returns nothing, a flush is in flight",
    (app) => ({
      ...promising(app),
      close() {
        void this.flush();
        this.closed = true;
      },
    }),
    async (app, client) => {
      void client.flush();
      client.record(2);
      app.note("returns", client.close() === undefined);
      app.note("at once", client.closed);
      await app.sleep(50);
    },
    { sent: [1, 2], notes: { returns: true, "at once": true } },
  ),
  ...closing(
    "a flush that needs its callback",
    (app) => ({
      flush(done) {
        if (typeof done !== "function") throw new TypeError("done is not a function");
        const batch = this.buffer;
        this.buffer = [];
        setTimeout(() => {
          app.take(batch);
          done();
        }, 5);
      },
      close(done) {
        this.flush(() => {
          this.closed = true;
          done();
        });
      },
    }),
    async (_, client) => {
      client.flush(() => {});
      client.record(2);
      await new Promise((resolve) => client.close(resolve));
    },
    { sent: [1, 2] },
  ),
  ...closing(
    "a flush that needs its options",
    (app) => ({
      async flush(options) {
        const batch = this.buffer;
        this.buffer = [];
        await app.sender(options.timeout)(batch);
      },
      async close() {
        await this.flush({ timeout: 3 });
        this.closed = true;
      },
    }),
    async (_, client) => {
      void client.flush({ timeout: 8 });
      client.record(2);
      await client.close();
    },
    { sent: [2, 1] },
    { sent: [2, 1] },
  ).map((program) => ({ ...program, anyOrder: true })),
  ...closing(
    "a close that ends a send that would hang",
    (app) => ({
      async flush() {
        const batch = this.buffer;
        this.buffer = [];
        app.take(batch);
        await new Promise((resolve) => {
          this.abort = resolve;
        });
      },
      async close() {
        this.abort?.();
        this.closed = true;
      },
    }),
    async (app, client) => {
      const flushing = client.flush();
      await app.sleep(1);
      const since = Date.now();
      await client.close();
      await flushing;
      app.note("at once", Date.now() - since < 10);
    },
    { notes: { "at once": true } },
  ),
  ...closing(
    "a close asked for by the sender",
    (app) => ({
      async flush() {
        const batch = this.buffer;
        this.buffer = [];
        await app.sender(1)(batch);
        await this.close();
      },
      async close() {
        this.closed = true;
      },
    }),
    async (_, client) => {
      await client.flush();
    },
  ),
  ...closing(
    "closed twice",
    (app) => ({
      ...promising(app),
      async close() {
        if (this.closed) return;
        this.closed = true;
        await this.flush();
      },
    }),
    async (_, client) => {
      await Promise.all([client.close(), client.close()]);
    },
  ),
  ...closing(
    "a close that calls back after its flush, one is in flight",
    callingBack,
    async (_, client) => {
      void client.flush();
      await new Promise((resolve) => client.close(resolve));
    },
    { sent: [1] },
    { sent: [1, 1] },
  ),
  ...closing("the same after a record during the flush", callingBack, async (_, client) => {
    void client.flush();
    client.record(2);
    await new Promise((resolve) => client.close(resolve));
  }).map((program) => ({ ...program, atLeast: [1, 2] })),
  ...closing(
    "a close that ends the connection at once, a flush waits for its next try",
    (app) => {
      let tries = 0;
      return {
        ...clearing(async (batch) => {
          for (;;) {
            tries++;
            if (tries > 1) return app.take(batch);
            await app.sleep(5);
          }
        }),
        close() {
          void this.flush();
          this.closed = true;
        },
      };
    },
    async (app, client) => {
      void client.flush();
      client.close();
      app.note("before the connection ends", app.received().length);
      await app.sleep(50);
    },
    { notes: { "before the connection ends": 1 } },
  ).map((program) => ({ ...program, atLeast: [1] })),
  ...Object.entries({
    hold: HOLD,
    swap: SWAP,
    "swap on a view": { ...SWAP, view: true },
    detached: DETACHED,
    "on the stack": { batch: "on the stack", drains: true },
    "detached, flushed before": { ...DETACHED, drains: true },
    "on a view, flushed before": { ...SWAP, view: true, callback: 0, drains: true },
    "on a view, its end declared": { ...SWAP, view: true, callback: 0 },
  }).flatMap(([strategy, roles]) =>
    ["promise", "callback", "nothing"].map((gives) => ({
      name: `a close that gives ${gives === "nothing" ? "nothing" : `a promise, and with a callback nothing: ${gives}`}, ${strategy}`,
      async run(app) {
        const send = app.sender();
        class Client {
          buffer = [];
          closed = false;
          record(v) {
            this.buffer.push(v);
          }
          async #flush() {
            const batch = this.buffer;
            if (roles.batch !== "swap" && roles.batch !== "hold") this.buffer = [];
            await send(batch);
            this.buffer = [];
          }
          run = () => this.#flush();
          flush(done) {
            const sent = this.run();
            if (done === undefined) return sent;
            void sent.then(() => done(), done);
          }
          send() {}
          close(done) {
            const closed = this.flush().then(() => {
              this.closed = true;
            });
            if (gives === "nothing") return;
            if (done === undefined) return closed;
            void closed.then(() => done(), done);
          }
        }
        app.guard(Client, { record: ["record"], flush: ["flush"], send: ["send"], close: ["close"], ...roles });
        for (const v of [1, 2]) {
          const one = new Client();
          one.record(v);
          void one.flush();
          if (gives === "callback") {
            await new Promise((resolve) => app.note("gives nothing", one.close(resolve) === undefined));
          } else if (gives === "promise") {
            const closed = one.close();
            app.note("gives a promise", closed instanceof Promise);
            await closed;
          } else {
            void one.close();
            await app.sleep(50);
          }
          app.note(`${v} closed`, one.closed);
        }
      },
      atLeast: [1, 2],
      right: {
        notes: {
          "1 closed": true,
          "2 closed": true,
          ...{ promise: { "gives a promise": true }, callback: { "gives nothing": true }, nothing: {} }[gives],
        },
      },
    })),
  ),
];
