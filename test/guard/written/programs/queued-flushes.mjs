import { HOLD, SWAP } from "../strategies.mjs";

/** Flushes that wait in line run later than they would, when other records are made: those must be kept from them too. */

const ROLES = { record: ["record"], flush: ["flush"] };

/** Guarded, with a flush that empties the buffer once it has been sent. */
function client(app, roles, record) {
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
  return new Client();
}

/** Records, also by what the record gives. */
function add(one, v) {
  const given = one.record(v);
  if (typeof given === "function") given();
}

/** A record that comes while two flushes, of which the second has waited, have nothing to send. */
async function afterTwoFlushes(app, one) {
  void one.flush();
  void one.flush();
  await app.sleep(7);
  add(one, 1);
  await app.sleep(5);
  await one.flush();
}

const afterTwoEmpty = (name, roles, record) => ({
  name: `two flushes that find nothing, then ${name}`,
  run: (app) => afterTwoFlushes(app, client(app, roles, record)),
  right: { sent: [1] },
});

/** The same once the class has been seen at work. */
const afterOne = (name, roles, record) => ({
  ...afterTwoEmpty(`${name}, after one that was flushed`, roles, record),
  async run(app) {
    const one = client(app, roles, record);
    add(one, 0);
    await one.flush();
    await afterTwoFlushes(app, one);
  },
  right: { sent: [0, 1] },
});

function push(v) {
  this.buffer.push(v);
}

function pushed(v) {
  return this.buffer.push(v) > 0;
}

function giving(v) {
  return () => this.buffer.push(v);
}

/** The same client, but for a flush that is not known to give a promise before it is called. */
function plain(app, roles, record) {
  const send = app.sender();
  class Client {
    buffer = [];
    flush() {
      const batch = this.buffer.splice(0);
      return batch.length === 0 ? Promise.resolve() : send(batch);
    }
  }
  Object.defineProperty(Client.prototype, "record", { value: record, writable: true, configurable: true });
  app.guard(Client, { ...ROLES, ...roles });
  return new Client();
}

export const programs = [
  afterTwoEmpty("a record that gives a function which stores, hold", HOLD, giving),
  ...[HOLD, SWAP].flatMap((roles) => [
    afterTwoEmpty(`a record, ${roles.batch}`, roles, push),
    afterTwoEmpty(`a record that returns a value, ${roles.batch}`, roles, pushed),
    afterOne(`a record, ${roles.batch}`, roles, push),
    afterOne(`a record that returns a value, ${roles.batch}`, roles, pushed),
    afterOne(`a record that gives a function which stores, ${roles.batch}`, roles, giving),
  ]),
  ...[push, pushed].flatMap((record) => [
    {
      name: `a flush that finds nothing but what is in flight, hold, ${record.name}`,
      async run(app) {
        const one = client(app, HOLD, record);
        one.record(1);
        await Promise.all([one.flush(), one.flush(), one.flush()]);
      },
      right: { sent: [1] },
      alone: { sent: [1, 1, 1] },
    },
    {
      name: `one that finds more, hold, ${record.name}`,
      async run(app) {
        const one = client(app, HOLD, record);
        one.record(1);
        void one.flush();
        one.record(2);
        await one.flush();
      },
      // Where the record cannot wait, it is as it is alone.
      right: { sent: record === push ? [1, 2] : [1, 1, 2] },
      alone: { sent: [1, 1, 2] },
    },
  ]),
  ...[HOLD, SWAP].flatMap((roles) => [
    {
      name: `a class's first flush, which the record that asks for it waits for, ${roles.batch}`,
      async run(app) {
        const one = plain(app, roles, async function (v) {
          await app.sleep(1);
          this.buffer.push(v);
          await this.flush();
        });
        await one.record(1);
      },
      right: { sent: [1] },
    },
    {
      name: `one that one of two records waits for, ${roles.batch}`,
      async run(app) {
        const one = plain(app, roles, async function (v) {
          await app.sleep(v);
          this.buffer.push(v);
          if (v === 1) await this.flush();
        });
        await Promise.all([one.record(1), one.record(3)]);
        await one.flush();
      },
      right: { sent: [1, 3] },
    },
  ]),
  {
    name: "children made by Object.create, which record and flush what they have in common",
    async run(app) {
      const parent = client(app, {}, push);
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
