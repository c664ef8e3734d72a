import type { Callbacks } from "./callbacks.js";
import type { Flight } from "./flight.js";
import type { Guard } from "./guard.js";
import { isPromise } from "./promises.js";
import { follow, type Settled } from "./settling.js";

export interface FlightRun {
  /** Calls the original. */
  call: () => unknown;
  /** Ends the flight. */
  settle: Settled;
  /** Those the original was given: where it returns no promise, it has settled when each has been called. */
  callbacks?: Callbacks;
  /** What was in flight before. */
  earlier?: readonly Flight[];
  /** See `follow`. */
  callersAlone: boolean;
  /** See `follow`. */
  viewed?: boolean;
  /** Called when it has not settled in time. */
  expired?: () => void;
}

/**
 * Makes the call of a flight that has begun, and ends the flight when the call has settled.
 * @returns what its caller gets
 * @throws what the call throws
 */
export function runFlight(
  guard: Guard,
  flight: Flight,
  { call, settle, callbacks, earlier = [], callersAlone, viewed, expired }: FlightRun,
): unknown {
  let result: unknown;
  try {
    result = call();
  } catch (cause) {
    settle({ cause });
    throw cause;
  }
  const promised = isPromise(result);
  if (!promised && callbacks?.awaited !== true) {
    settle();
    return result;
  }
  if (!promised) callbacks?.settleFlight();
  const { counters, limits } = guard.guarded;
  flight.expireAfter(limits.flushTimeoutMs, () => {
    counters.timeouts++;
    expired?.();
    guard.end(flight);
  });
  return promised ? follow(result as Promise<unknown>, settle, earlier, callersAlone, viewed) : result;
}
