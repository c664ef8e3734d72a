// biome-ignore-all lint/complexity/noStaticOnlyClass: such a class is what is guarded
// biome-ignore-all lint/complexity/noThisInStatic: such a class is what is guarded
import { HOLD, SWAP } from "../strategies.mjs";

/** Buffers that are not a field of one instance alone. */

/** Records before, during and after a flush. */
async function recordsDuring(app, record, flush) {
  record(1);
  await flush();
  record(2);
  const flushing = flush();
  await app.sleep(1);
  record(3);
  const next = flush();
  await app.sleep(1);
  record(4);
  await flushing;
  await next;
  await flush();
}

const program = (name, run) => ({
  name,
  run,
  right: { sent: [1, 2, 3, 4] },
  alone: { sent: [1, 2, 2, 3] },
});
const both = (name, make) =>
  [SWAP, HOLD].map((roles) => program(`${name}, ${roles.batch}`, async (app) => make(app, roles)));
const ROLES = { record: ["record"], flush: ["flush"] };

/** @param how what of the class that only sends is declared beside its flush */
const apart = (name, how) =>
  program(name, async (app) => {
    const send = app.sender();
    class Recorder {
      constructor(store) {
        this.store = store;
      }
      record(v) {
        this.store.buffer.push(v);
      }
    }
    class Sender {
      constructor(store) {
        this.store = store;
      }
      async flush() {
        await send(this.store.buffer);
        this.store.buffer = [];
      }
    }
    app.guard(Sender, { flush: ["flush"], owner: "store", ...how });
    app.guard(Recorder, { record: ["record"], owner: "store" });
    const store = { buffer: [] };
    const recorder = new Recorder(store);
    const sender = new Sender(store);
    return recordsDuring(
      app,
      (v) => recorder.record(v),
      () => sender.flush(),
    );
  });

export const programs = [
  ...both("a class with static methods", (app, roles) => {
    const send = app.sender();
    class Client {
      static buffer = [];
      static record(v) {
        this.buffer.push(v);
      }
      static async flush() {
        await send(this.buffer);
        this.buffer = [];
      }
    }
    app.guard(Client, { ...ROLES, ...roles });
    return recordsDuring(
      app,
      (v) => Client.record(v),
      () => Client.flush(),
    );
  }),
  program("a class with static methods that name it, hold", async (app) => {
    const send = app.sender();
    class Client {
      static #buffer = [];
      static record(v) {
        Client.#buffer.push(v);
      }
      static async flush() {
        await send(Client.#buffer);
        Client.#buffer = [];
      }
    }
    app.guard(Client, { ...ROLES, ...HOLD });
    return recordsDuring(
      app,
      (v) => Client.record(v),
      () => Client.flush(),
    );
  }),
  ...both("a function that has the methods", (app, roles) => {
    const send = app.sender();
    const client = Object.assign((v) => client.record(v), {
      buffer: [],
      record(v) {
        this.buffer.push(v);
      },
      async flush() {
        await send(this.buffer);
        this.buffer = [];
      },
    });
    app.guard(client, { ...ROLES, ...roles });
    return recordsDuring(app, client, () => client.flush());
  }),
  ...both("a static field", (app, roles) => {
    const send = app.sender();
    class Client {
      static buffer = [];
      record(v) {
        Client.buffer.push(v);
      }
      async flush() {
        await send(Client.buffer);
        Client.buffer = [];
      }
    }
    app.guard(Client, { ...ROLES, ...roles, owner: "constructor" });
    const [one, other] = [new Client(), new Client()];
    return recordsDuring(
      app,
      (v) => (v % 2 ? one : other).record(v),
      () => one.flush(),
    );
  }),
  apart("a class that records and one that sends", {}),
  apart("a class that records and one that sends, swap", SWAP),
  apart("a class that records and one that sends, hold", HOLD),
];
