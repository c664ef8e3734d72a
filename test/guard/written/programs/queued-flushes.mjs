import { HOLD, SWAP } from "../strategies.mjs";

/** Flushes that wait in line run later than they would, when other records are made: those must be kept from them too. */

const ROLES = { record: ["record"], flush: ["flush"] };

/** Guarded, with a flush that empties the buffer once it has been sent. */
function client(app, roles, Class = Object) {
  const send = app.sender();
  class Client extends Class {
    buffer = [];
    record(v) {
      this.buffer.push(v);
    }
    async flush() {
      await send(this.buffer);
      this.buffer = [];
    }
  }
  app.guard(Client, { ...ROLES, ...roles });
  return Client;
}

/** A record that comes while two flushes, of which the second has waited, have nothing to send. */
const afterTwoEmpty = (name, roles, record) => ({
  name: `two flushes that find nothing, then ${name}`,
  async run(app) {
    const send = app.sender();
    class Client {
      buffer = [];
      async flush() {
        await send(this.buffer);
        this.buffer = [];
      }
    }
    Object.defineProperty(Client.prototype, "record", { value: record, writable: true, configurable: true });
    app.guard(Client, { ...ROLES, ...roles });
    const one = new Client();
    void one.flush();
    void one.flush();
    await app.sleep(7);
    const given = one.record(1);
    if (typeof given === "function") given();
    await app.sleep(5);
    await one.flush();
  },
  right: { sent: [1] },
});

function push(v) {
  this.buffer.push(v);
}

function pushed(v) {
  return this.buffer.push(v) > 0;
}

function later(v) {
  return () => this.buffer.push(v);
}

/** The same once the class has been seen at work. */
const afterOne = (name, roles, record) => {
  const program = afterTwoEmpty(`${name}, after one that was flushed`, roles, record);
  return {
    ...program,
    async run(app) {
      const send = app.sender();
      class Client {
        buffer = [];
        async flush() {
          await send(this.buffer);
          this.buffer = [];
        }
      }
      Object.defineProperty(Client.prototype, "record", { value: record, writable: true, configurable: true });
      app.guard(Client, { ...ROLES, ...roles });
      const one = new Client();
      const add = (v) => {
        const given = one.record(v);
        if (typeof given === "function") given();
      };
      add(0);
      await one.flush();
      void one.flush();
      void one.flush();
      await app.sleep(7);
      add(1);
      await app.sleep(5);
      await one.flush();
    },
    right: { sent: [0, 1] },
  };
};

export const programs = [
  afterTwoEmpty("a record that gives a function which stores, hold", HOLD, later),
  ...[HOLD, SWAP].flatMap((roles) => [
    afterTwoEmpty(`a record, ${roles.batch}`, roles, push),
    afterTwoEmpty(`a record that returns a value, ${roles.batch}`, roles, pushed),
    afterOne(`a record, ${roles.batch}`, roles, push),
    afterOne(`a record that returns a value, ${roles.batch}`, roles, pushed),
    afterOne(`a record that gives a function which stores, ${roles.batch}`, roles, later),
  ]),
  {
    name: "children made by Object.create, which record and flush what they have in common",
    async run(app) {
      const Client = client(app, {});
      const parent = new Client();
      parent.record(1);
      void parent.flush();
      const child = Object.create(parent);
      child.record(2);
      parent.record(3);
      await child.flush();
      app.note("when it settles", app.received().length);
    },
    right: { sent: [1, 2, 3], notes: { "when it settles": 3 } },
    alone: { sent: [1, 1, 2, 3], notes: { "when it settles": 4 } },
  },
];
