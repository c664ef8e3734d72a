import { AsyncLocalStorage } from "node:async_hooks";
import type { Flight } from "./flight.js";

/**
 * Which flights the running code is inside of, across its awaits. Before Node 24 one active store makes every await
 * in the process 2.6 times dearer, so it is switched on by the first flight and off by the last one to end.
 */
const storage = new AsyncLocalStorage<Inside>();
let entered = 0;

interface Inside {
  flight: Flight;
  outer: Inside | undefined;
}

/** Runs a function so that everything it starts can be told to be inside this flight, until `leave` is called. */
export function enter<T>(flight: Flight, run: () => T): T {
  let outer = entered === 0 ? undefined : storage.getStore();
  // A timer begun inside a flight outlives it: flights that are over are not kept in the chain.
  while (outer?.flight.isOver) outer = outer.outer;
  entered++;
  return storage.run({ flight, outer }, run);
}

/** Must be called once for every `enter`, when its flight is over. */
export function leave(): void {
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
