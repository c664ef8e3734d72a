import { HOLD, SWAP } from "../strategies.mjs";

/** The guard taken away and put back, at any moment. */

const strategies = [SWAP, HOLD];

const client = (app, roles) => {
  class Client {
    buffer = [];
    sender = app.sender();
    record(v) {
      this.buffer.push(v);
    }
    async flush() {
      const batch = this.buffer;
      this.buffer = [];
      await this.sender(batch);
    }
  }
  const { record, flush } = Client.prototype;
  const handle = app.guard(Client, { record: ["record"], flush: ["flush"], ...roles });
  const isBare = () => Client.prototype.record === record && Client.prototype.flush === flush;
  return { one: new Client(), handle, isBare, Client };
};

export const programs = strategies.flatMap((roles) => [
  {
    name: `restored while a record may be held, ${roles.batch}`,
    async run(app) {
      const { one, handle, isBare } = client(app, roles);
      one.record(1);
      void one.flush();
      one.record(2);
      handle.restore();
      app.note("bare", isBare());
      await one.flush();
      app.note("arrived", app.received());
    },
    right: { sent: [1, 2], notes: { bare: true, arrived: [1, 2] } },
  },
  {
    name: `an instance, restored while a record may be held, ${roles.batch}`,
    async run(app) {
      const { handle, Client } = client(app, roles);
      handle.restore();
      const one = new Client();
      const own = app.guard(one, { record: ["record"], flush: ["flush"], ...roles });
      one.record(1);
      void one.flush();
      one.record(2);
      own.restore();
      await one.flush();
      app.note("arrived", app.received());
    },
    right: { sent: [1, 2], notes: { arrived: [1, 2] } },
  },
  {
    name: `restored while a flush waits, ${roles.batch}`,
    async run(app) {
      const { one, handle } = client(app, roles);
      one.record(1);
      void one.flush();
      one.record(2);
      const second = one.flush();
      handle.restore();
      one.record(3);
      await second;
      await one.flush();
      app.note(
        "arrived",
        [...app.received()].sort((a, b) => a - b),
      );
    },
    right: { sent: [1, 2, 3], notes: { arrived: [1, 2, 3] } },
    anyOrder: true,
  },
  {
    name: `disabled while a flush is in flight, then records, ${roles.batch}`,
    async run(app) {
      const { one, isBare } = client(app, roles);
      one.record(1);
      void one.flush();
      one.record(2);
      const disabled = app.disable();
      one.record(3);
      await one.flush();
      await disabled;
      app.note("bare", isBare());
      app.enable();
      one.record(4);
      await one.flush();
      app.note(
        "arrived",
        [...app.received()].sort((a, b) => a - b),
      );
    },
    right: { sent: [1, 2, 3, 4], notes: { bare: true, arrived: [1, 2, 3, 4] } },
    anyOrder: true,
  },
  {
    name: `guarded, restored and guarded again, ${roles.batch}`,
    async run(app) {
      const { one, handle, isBare, Client } = client(app, roles);
      one.record(1);
      await one.flush();
      handle.restore();
      app.note("bare", isBare());
      app.guard(Client, { record: ["record"], flush: ["flush"], ...roles });
      one.record(2);
      await one.flush();
    },
    right: { sent: [1, 2], notes: { bare: true } },
  },
  {
    name: `guarded in the middle of a flush, ${roles.batch}`,
    async run(app) {
      class Client {
        buffer = [];
        record(v) {
          this.buffer.push(v);
        }
        async flush() {
          const batch = this.buffer;
          this.buffer = [];
          await app.sender()(batch);
        }
      }
      const one = new Client();
      one.record(1);
      const first = one.flush();
      app.guard(Client, { record: ["record"], flush: ["flush"], ...roles });
      one.record(2);
      await one.flush();
      await first;
    },
    right: { sent: [1, 2] },
  },
]);
