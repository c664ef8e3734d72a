import { HOLD, SWAP } from "../strategies.mjs";

/** Records that put their values, or something that a flush goes by, elsewhere than into the buffer that is named. */

const ROLES = { record: ["record"], flush: ["flush"] };

const reads = (send) =>
  class {
    buffer = [];
    record(v) {
      this.buffer.push(v);
    }
    async flush() {
      const batch = this.buffer;
      if (batch.length > 0) await send(batch);
      this.buffer = [];
    }
  };

/** Three are recorded, the third while the others are on their way. */
const program = (name, makeClass, roles, idle = 1) => ({
  name: `${name}, ${roles.batch}`,
  async run(app) {
    const Client = makeClass(reads(app.sender()), app);
    app.guard(Client, { ...ROLES, ...roles });
    const one = new Client();
    one.record(1);
    one.record(2);
    await app.sleep(idle);
    const flushing = one.flush();
    await app.turn();
    one.record(3);
    await flushing;
    await app.sleep(idle);
    await one.flush();
  },
  right: { sent: [1, 2, 3] },
  alone: { sent: [1, 2] },
});

const elsewhere = (roles) => [
  program(
    "a flag that a flush takes down in the end",
    (Reads) =>
      class extends Reads {
        isDirty = false;
        record(v) {
          super.record(v);
          this.isDirty = true;
        }
        async flush() {
          if (!this.isDirty) return;
          await super.flush();
          this.isDirty = false;
        }
      },
    roles,
  ),
  program(
    "a record that stores in a timer",
    (Reads) =>
      class extends Reads {
        record(v) {
          setTimeout(() => super.record(v), 1);
        }
      },
    roles,
    2,
  ),
  program(
    "a record that stores in a part of its own class",
    (Reads) =>
      class Client extends Reads {
        part = undefined;
        record(v) {
          this.part ??= new Client();
          this.part.buffer.push(v);
        }
        async flush() {
          await this.part?.flush();
          await super.flush();
        }
      },
    roles,
  ),
];

export const programs = [
  ...elsewhere(SWAP),
  ...elsewhere(HOLD),
  {
    name: "a record that gives the promise of the flush that it has asked for",
    async run(app) {
      const send = app.sender();
      class Client {
        buffer = [];
        record(v) {
          this.buffer.push(v);
          if (this.buffer.length >= 2) return this.flush();
        }
        async flush() {
          if (this.buffer.length > 0) await send(this.buffer);
          this.buffer = [];
        }
      }
      app.guard(Client, { ...ROLES, ...SWAP });
      const one = new Client();
      void one.record(1);
      const flushing = one.record(2);
      void one.record(3);
      await flushing;
      await one.flush();
    },
    right: { sent: [1, 2, 3] },
    alone: { sent: [1, 2, 1, 2, 3] },
  },
];
