import { SWAP } from "../strategies.mjs";

/** Clients that make another buffer, or another state with it, instead of changing the one they have. */

const ROLES = { record: ["record"], flush: ["flush"] };
const STATE = { ...ROLES, owner: "state", batch: "swap", buffers: { buffer: "append" } };

/** Two are recorded, the second while the first is on its way; what `fails` makes the first send fail. */
const program = (name, roles, makeClass, { fails = false, right = [1, 2], alone = [1] } = {}) => ({
  name: fails ? `${name}, the first send fails` : name,
  async run(app) {
    let failures = fails ? 1 : 0;
    const send = app.sender();
    const Client = makeClass(async (batch) => {
      if (failures-- > 0) throw new Error("503");
      await send(batch);
    });
    app.guard(Client, roles);
    const one = new Client();
    one.record(1);
    const flushing = one.flush().catch((error) => app.note("rejected", error.message));
    one.record(2);
    await flushing;
    await one.flush();
    await one.flush();
  },
  right: { sent: right, ...(fails ? { notes: { rejected: "503" } } : {}) },
  alone: { sent: fails ? right : alone },
});

const frozenList = (send) =>
  class Client {
    buffer = Object.freeze([]);
    record(v) {
      this.buffer = Object.freeze([...this.buffer, v]);
    }
    async flush() {
      if (this.buffer.length > 0) await send(this.buffer);
      this.buffer = Object.freeze([]);
    }
  };

/** @param keep what is done to each new state */
const replacedState = (keep) => (send) =>
  class Client {
    state = { sent: 0, buffer: [] };
    record(v) {
      this.state = keep({ ...this.state, buffer: [...this.state.buffer, v] });
    }
    async flush() {
      const { buffer } = this.state;
      if (buffer.length > 0) await send(buffer);
      this.state = keep({ sent: this.state.sent + buffer.length, buffer: [] });
    }
  };

const bySymbol = (send) =>
  class Client {
    buffer = {};
    record(v) {
      this.buffer[Symbol(v)] = v;
    }
    async flush() {
      const keys = Object.getOwnPropertySymbols(this.buffer);
      if (keys.length > 0) await send(keys.map((key) => this.buffer[key]));
      this.buffer = {};
    }
  };

export const programs = [true, false].flatMap((fails) => [
  program("a list that is frozen", { ...ROLES, ...SWAP }, frozenList, { fails }),
  program(
    "a state that each record makes anew",
    STATE,
    replacedState((state) => state),
    { fails },
  ),
  program("a state that each record makes anew and freezes", STATE, replacedState(Object.freeze), { fails }),
  program("a dictionary by symbols", { ...ROLES, ...SWAP, buffers: { buffer: "last" } }, bySymbol, { fails }),
]);
