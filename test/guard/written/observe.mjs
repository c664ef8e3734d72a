import { AsyncLocalStorage } from "node:async_hooks";
import { Clock } from "../random/clock.mjs";
import { spelt } from "../random/declare.mjs";

/** Longer than any program takes that waits for nothing but its own sends. */
const LONG_MS = 60_000;
const storage = new AsyncLocalStorage();

let seen;
process.on("unhandledRejection", (error) => seen?.unhandled.push(error.message));
process.on("uncaughtException", (error) => seen?.uncaught.push(error.message));

/**
 * Runs a program in virtual time, as a process of its own would.
 * @param guard what `engineOf` gives; undefined: without the guard
 * @returns all that can be seen of it
 */
export function observe(program, guard, clock = new Clock()) {
  const outcome = { sent: [], notes: {}, unhandled: [], uncaught: [], ended: "exit code 13", ms: 0 };
  const handles = [];
  const app = {
    storage,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    turn: () => new Promise((resolve) => setImmediate(resolve)),
    note: (what, value = true) => {
      outcome.notes[what] = value;
    },
    /** What a server takes. */
    take: (batch) => void outcome.sent.push(...batch),
    received: () => [...outcome.sent],
    forget: () => void outcome.sent.splice(0),
    /** A sender that takes so long, and hands over what was in the batch when it was called. */
    sender:
      (ms = 5) =>
      async (batch) => {
        const items = [...batch];
        await app.sleep(ms);
        app.take(items);
      },
    guard: (value, roles) => {
      if (guard === undefined) return { guarded: false, restore() {} };
      const handle = guard.guard(value, spelt(roles));
      handles.push(handle);
      return handle;
    },
    disable: () => guard?.disable(),
    enable: () => guard?.enable(),
  };
  seen = outcome;
  clock.uncaught = (error) => outcome.uncaught.push(error.message);
  const since = clock.now;
  clock.during(() => {
    void Promise.resolve(program(app)).then(
      () => {
        outcome.ended = "done";
        outcome.ms = clock.now - since;
      },
      (error) => {
        outcome.ended = `throws ${error.message}`;
        outcome.ms = clock.now - since;
      },
    );
    const until = clock.now + LONG_MS;
    clock.turn(until, () => clock.busy);
    guard?.ends();
    clock.turn(until, () => clock.busy);
    for (const handle of handles) handle.restore();
    clock.turn(until, () => !clock.empty);
  });
  seen = undefined;
  storage.disable();
  return outcome;
}
