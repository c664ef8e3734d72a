import { AsyncLocalStorage } from "node:async_hooks";
import type { Flight } from "./flight.js";

/**
 * Which flights the running code is inside of, across its awaits. Where it is built on promise hooks, before Node 24, an
 * active store makes every await in the process three times dearer, and one that has been active 1.3 times: it is entered
 * only by flights that may run code of the app's own, and switched off with the last of them.
 */
const storage = new AsyncLocalStorage<Inside>();
let entered = 0;

/** Whether entering costs the rest of the process nothing. */
const free = !("_enable" in AsyncLocalStorage.prototype);

interface Inside {
  flight: Flight;
  outer: Inside | undefined;
}

/** @returns whether a flight should be entered that may or may not run code of the app's own */
export function shouldEnter(callsOut: () => boolean): boolean {
  return free || callsOut();
}

/** Runs a function so that all it starts can be told to be inside this flight, until `leave`, where the flight wants that. */
export function enter<T>(flight: Flight, run: () => T): T {
  if (!flight.inContext) return run();
  let outer = entered === 0 ? undefined : storage.getStore();
  // A timer begun inside a flight outlives it: flights that are over are not kept in the chain.
  while (outer?.flight.isOver) outer = outer.outer;
  entered++;
  return storage.run({ flight, outer }, run);
}

/** Must be called once for every flight that was entered, when it is over. */
export function leave(flight: Flight): void {
  if (!flight.inContext) return;
  entered--;
  if (entered === 0) storage.disable();
}

/** Whether the running code was started by one of these flights. */
export function isInside(flights: ReadonlySet<Flight>): boolean {
  if (entered === 0) return false;
  for (let inside = storage.getStore(); inside !== undefined; inside = inside.outer) {
    if (flights.has(inside.flight)) return true;
  }
  return false;
}
