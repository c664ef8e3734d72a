import { publishHazard } from "../telemetry/channels.js";
import { type FlushTrace, traceFlush } from "../telemetry/flush-trace.js";
import { Callbacks, givenCallback, withCallback } from "./callbacks.js";
import { enter, shouldEnter } from "./context.js";
import { Flight } from "./flight.js";
import type { Guard } from "./guard.js";
import type { GuardedClass, Method } from "./guarded-class.js";
import { returnsOf } from "./method-source.js";
import { isPromise, quiet } from "./promises.js";
import { after, follow } from "./settling.js";
import { unview } from "./view.js";

/** A sender that takes its batch out of the buffer before it first waits: it runs at once, and others can wait for it. */
export class Tracked {
  readonly #class: GuardedClass;
  readonly #original: Method;
  readonly #async: boolean;

  constructor(
    guarded: GuardedClass,
    original: Method,
    private readonly method: string,
  ) {
    this.#class = guarded;
    this.#original = original;
    this.#async = returnsOf(original) === "promise";
  }

  /** A send: never waits. */
  send(instance: object, receiver: unknown, args: readonly unknown[]): unknown {
    const guard = this.#class.guardOf(instance);
    guard.sends++;
    if (this.#class.roles.synchronous) return guard.runOnStack(() => Reflect.apply(this.#original, receiver, args));
    // A function among its arguments may be called only when it fails.
    return this.#run(guard, receiver, args, [], () => args);
  }

  /** A flush: settles after what was in flight when it was called, unless that is what called it. */
  flush(instance: object, args: readonly unknown[]): unknown {
    const guard = this.#class.guardOf(instance);
    const earlier = guard.inside ? [] : [...guard.flights];
    this.#class.counters.flushes++;
    if (earlier.length > 0) {
      this.#class.counters.joined++;
      publishHazard(this.#class.name, "early return", "averted");
    }
    const delayed = earlier.length === 0 ? args : delayCallback(args, earlier);
    const given = givenCallback(delayed, this.#class.roles.callbackAt);
    const watched = (callbacks: Callbacks): readonly unknown[] => withCallback(given, callbacks) ?? delayed;
    return this.#run(guard, instance, delayed, earlier, watched, traceFlush(this.#class.name, this.method));
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
    const { counters, limits, stopping } = this.#class;
    if (stopping) return Reflect.apply(this.#original, receiver, args);
    const flight = new Flight(false);
    const settle = (error?: { cause: unknown }): void => {
      guard.end(flight, error);
      trace?.settled(error);
    };
    const callbacks = new Callbacks(settle);
    const passed = watched(callbacks);
    const inContext = shouldEnter(() => this.#class.callsOut(unview(receiver) as object));
    guard.begin(flight, inContext);
    const call = (): unknown => Reflect.apply(this.#original, receiver, passed);
    const run = trace === undefined ? call : () => trace.run(call);
    let result: unknown;
    try {
      result = guard.runOnStack(() => (inContext ? enter(flight, run) : run()));
    } catch (cause) {
      settle({ cause });
      throw cause;
    }
    const promised = isPromise(result);
    if (!promised && !callbacks.awaited) {
      settle();
      return result;
    }
    if (!promised) callbacks.settleFlight();
    flight.expireAfter(limits.flushTimeoutMs, () => {
      counters.timeouts++;
      if (trace !== undefined) trace.message.timedOut = true;
      guard.end(flight);
    });
    return promised ? follow(result as Promise<unknown>, settle, earlier, this.#async) : result;
  }
}

/** The arguments with the callback among them called only when the flights are over. */
export function delayCallback(args: readonly unknown[], flights: readonly Flight[]): readonly unknown[] {
  const index = args.findLastIndex((arg) => typeof arg === "function");
  if (index === -1) return args;
  const callback = args[index] as (...results: unknown[]) => unknown;
  return args.with(index, function (this: unknown, ...results: unknown[]) {
    const call = (): unknown => Reflect.apply(callback, this, results);
    quiet(after(flights)).then(call, call);
  });
}
