import { isPlainPromise, isPromise, quiet } from "../../methods/promises.js";
import { unview } from "../buffers/view.js";
import { clock, settledWithin } from "../owner/clock.js";
import type { Flight } from "../owner/flights.js";
import type { Guard } from "../owner/guard.js";
import { followFlight } from "../owner/inside.js";
import { givenCallback, hasCallback, withCallback } from "./callback-argument.js";
import { Callbacks } from "./callbacks.js";

/** Called once when a flight has settled. */
type Settled = (error?: { cause: unknown }) => void;

/** A call of a flight that has begun. */
export interface FlightRun {
  flight: Flight;
  /** Calls the original. */
  call(args: readonly unknown[]): unknown;
  args: readonly unknown[];
  /** See `Ends`. */
  callbackAt?: number | undefined;
  /** Without one, a function among its arguments tells nothing. */
  callbacks?: boolean;
  /** Ends the flight. */
  settle: Settled;
  /** Its caller also waits for those of the owner's flights before this one; 0: for none. */
  earlier: number;
  /** Nobody but its caller can have the promise it gives, so a rejection is the caller's to handle. */
  isAsync: boolean;
  /** Its promise may give a view of the instance. */
  isViewed?: boolean;
  /** What is inside it has to be told apart. */
  callsOut: boolean;
  /** Called before the call, with the callbacks that it may hand out. */
  begun?: ((callbacks: Callbacks) => void) | undefined;
  /** A callback is known to tell its end. */
  callbackTells?: boolean;
  /** A callback has told its end. */
  calledBack?(): void;
  /** It has not settled in time. */
  expired?(waitedMs: number): void;
}

/**
 * Makes the call of a flight, and ends the flight when the call has settled.
 * @returns what its caller gets
 * @throws what the call throws
 */
export function runFlight(guard: Guard, run: FlightRun): unknown {
  const { flight } = run;
  const args = run.callbacks === false ? run.args : givenCallback(run.args, run.callbackAt);
  const handsOut = run.begun !== undefined || (run.callbacks !== false && hasCallback(args));
  const callbacks = handsOut ? callbacksOf(guard, run) : undefined;
  const over: Settled =
    callbacks === undefined
      ? run.settle
      : (error) => {
          guard.awaited.delete(callbacks);
          run.settle(error);
        };
  let result: unknown;
  try {
    if (callbacks !== undefined) run.begun?.(callbacks);
    result = run.call(callbacks === undefined ? args : withCallback(args, callbacks));
  } catch (cause) {
    over({ cause });
    throw cause;
  }
  if (!isPromise(result)) {
    if (callbacks?.awaited !== true) {
      over();
      return result;
    }
    flight.isDoubtful = run.callbackTells === false;
    callbacks.settleFlight();
  }
  const { counters, limits } = guard.guarded;
  if (!flight.isOver) {
    flight.limit = clock.limit(limits.flushTimeoutMs, (waitedMs) => {
      counters.timeouts++;
      run.expired?.(waitedMs);
      guard.giveUp(flight);
    });
  }
  return isPromise(result) ? follow(guard, result, run, over) : result;
}

/** Those that a call of a flight hands out. */
function callbacksOf(guard: Guard, run: FlightRun): Callbacks {
  const callbacks = new Callbacks(() => {
    guard.awaited.delete(callbacks);
    run.calledBack?.();
    run.settle();
  });
  guard.awaited.add(callbacks);
  return callbacks;
}

/** The promise that the caller of a flight gets: the client's own wherever nothing has to be waited for or told apart. */
function follow(guard: Guard, promise: Promise<unknown>, run: FlightRun, over: Settled): Promise<unknown> {
  const { earlier, isAsync, isViewed = false, callsOut } = run;
  const replaces = isAsync || isViewed || callsOut || guard.flights.hasBefore(earlier);
  if (!replaces || !isPlainPromise(promise)) {
    promise.then(
      () => over(),
      (cause: unknown) => over({ cause }),
    );
    return promise;
  }
  const rest = (): Promise<unknown> | undefined => {
    const others = earlier === 0 ? undefined : guard.flights.over(earlier);
    const { followedBy } = run.flight;
    if (followedBy === undefined) return others;
    return Promise.all([others, settledWithin(guard.guarded.limits.flushTimeoutMs, followedBy)]);
  };
  const awaited = followFlight(promise, { ended: over, rest });
  const followed = isViewed ? awaited.then(unview) : awaited;
  return isAsync ? followed : quiet(followed);
}
