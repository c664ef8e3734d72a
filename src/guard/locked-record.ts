import { enter } from "./context.js";
import { Flight } from "./flight.js";
import type { Guard } from "./guard.js";
import type { GuardedClass, Method } from "./guarded-class.js";
import { returnsOf } from "./method-source.js";
import { runFlight } from "./run-flight.js";

/** A record that returns a promise, because a file or a network is behind it: one at a time, and never during a flush. */
export class LockedRecord {
  readonly #async: boolean;
  /** What is held: a call that takes the lock when it is made. */
  readonly #held: Method;

  constructor(
    private readonly guarded: GuardedClass,
    private readonly original: Method,
  ) {
    const call = (instance: object, args: readonly unknown[]): unknown => this.call(instance, args, 1);
    this.#async = returnsOf(original) === "promise";
    this.#held = function (...args) {
      return call(this as object, args);
    };
  }

  /** @param priority over what else waits for the lock */
  call(instance: object, args: readonly unknown[], priority = 0): unknown {
    const guard = this.guarded.guardOf(instance);
    if (guard.inside) {
      // Inside a flush it is held, since that flush may be waiting for it; inside a record it is part of that record.
      const held = guard.mustHold && guard.hold(this.#held, instance, args);
      return held ? Promise.resolve() : Reflect.apply(this.original, instance, args);
    }
    if (!guard.free) {
      // A flush asked for later must not join one that comes before this record.
      guard.followUps.clear();
      const { stopping } = this.guarded;
      return guard.lock(priority).then(() => {
        if (!stopping) return this.#begin(guard, instance, args, true);
        guard.unlock();
        return Reflect.apply(this.original, instance, args);
      });
    }
    if (this.guarded.stopping) return Reflect.apply(this.original, instance, args);
    return this.#begin(guard, instance, args, false);
  }

  #begin(guard: Guard, instance: object, args: readonly unknown[], locked: boolean): unknown {
    const flight = new Flight(false);
    flight.locked = locked;
    flight.inContext = true;
    guard.beginExclusive(flight);
    return runFlight(guard, flight, {
      call: () => enter(flight, () => Reflect.apply(this.original, instance, args)),
      settle: () => guard.end(flight),
      callersAlone: this.#async,
    });
  }
}
