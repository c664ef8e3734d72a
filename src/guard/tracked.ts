import { publishHazard } from "../telemetry/channels.js";
import { type FlushTrace, traced, traceFlush } from "../telemetry/flush-trace.js";
import { delayCallback, givenCallback, withCallback } from "./callback-argument.js";
import { Callbacks } from "./callbacks.js";
import { enter, shouldEnter } from "./context.js";
import { Flight } from "./flight.js";
import type { Guard } from "./guard.js";
import type { GuardedClass, Method } from "./guarded-class.js";
import { returnsOf } from "./method-source.js";
import { runFlight } from "./run-flight.js";
import type { Settled } from "./settling.js";
import { unview } from "./view.js";

/** A sender that takes its batch out of the buffer before it first waits: it runs at once, and others can wait for it. */
export class Tracked {
  readonly #async: boolean;

  constructor(
    private readonly guarded: GuardedClass,
    private readonly original: Method,
    private readonly method: string,
  ) {
    this.#async = returnsOf(original) === "promise";
  }

  /** A send: never waits. */
  send(instance: object, receiver: unknown, args: readonly unknown[]): unknown {
    const guard = this.guarded.guardOf(instance);
    guard.sends++;
    if (this.guarded.roles.synchronous) return guard.runOnStack(() => Reflect.apply(this.original, receiver, args));
    // A function among its arguments may be called only when it fails.
    return this.#run(guard, receiver, args, [], () => args);
  }

  /** A flush: settles after what was in flight when it was called, unless that is what called it. */
  flush(instance: object, args: readonly unknown[]): unknown {
    const guard = this.guarded.guardOf(instance);
    const earlier = guard.inside ? [] : [...guard.flights];
    this.guarded.counters.flushes++;
    if (earlier.length > 0) {
      this.guarded.counters.joined++;
      publishHazard(this.guarded.name, "early return", "averted");
    }
    const delayed = earlier.length === 0 ? args : delayCallback(args, earlier);
    const given = givenCallback(delayed, this.guarded.roles.callbackAt);
    const watched = (callbacks: Callbacks): readonly unknown[] => withCallback(given, callbacks);
    return this.#run(guard, instance, delayed, earlier, watched, traceFlush(this.guarded.name, this.method));
  }

  /** @param watched gives the arguments with the callback that tells when it is over, if it has one */
  #run(
    guard: Guard,
    receiver: unknown,
    args: readonly unknown[],
    earlier: readonly Flight[],
    watched: (callbacks: Callbacks) => readonly unknown[],
    trace?: FlushTrace,
  ): unknown {
    if (this.guarded.stopping) return Reflect.apply(this.original, receiver, args);
    const flight = new Flight(false);
    const settle: Settled = (error) => {
      guard.end(flight, error);
      trace?.settled(error);
    };
    const callbacks = new Callbacks(settle);
    const passed = watched(callbacks);
    flight.inContext = shouldEnter(() => this.guarded.callsOut(unview(receiver) as object));
    guard.begin(flight);
    const call = (): unknown => Reflect.apply(this.original, receiver, passed);
    return runFlight(guard, flight, {
      call: () => guard.runOnStack(() => enter(flight, () => traced(trace, call))),
      settle,
      callbacks,
      earlier,
      callersAlone: this.#async,
      expired: () => {
        if (trace !== undefined) trace.message.timedOut = true;
      },
    });
  }
}
