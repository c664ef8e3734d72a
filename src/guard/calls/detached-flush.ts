import { isAsync } from "../../methods/kinds.js";
import type { Method } from "../../methods/method.js";
import { publishHazard } from "../../telemetry/channels.js";
import { traced, traceFlush } from "../../telemetry/flush-trace.js";
import type { Guard } from "../owner/guard.js";
import type { GuardedClass } from "../owner/guarded-class.js";
import { delayCallback } from "./callback-argument.js";
import { runFlight } from "./run-flight.js";

/** A flush that takes its batch out of the buffer before it first waits: it runs at once, and settles after those before it. */
export class DetachedFlush {
  readonly #isAsync: boolean;

  constructor(
    private readonly guarded: GuardedClass,
    private readonly original: Method,
    private readonly method: string,
  ) {
    this.#isAsync = isAsync(original);
  }

  call(instance: object, receiver: object, args: readonly unknown[]): unknown {
    if (this.guarded.stopping) return Reflect.apply(this.original, receiver, args);
    const guard = this.guarded.guardOf(instance);
    const { counters, name, roles } = this.guarded;
    const earlier = this.#waitsFor(guard, instance);
    const { begun } = guard.flights;
    counters.flushes++;
    if (earlier > 0) {
      counters.joined++;
      publishHazard(name, "early return", "averted");
    }
    const trace = traceFlush(name, this.method);
    const flight = guard.begin();
    return runFlight(guard, {
      flight,
      earlier,
      args: earlier === 0 ? args : delayCallback(args, () => guard.flights.over(begun)),
      callbackAt: roles.ends?.callback,
      isAsync: this.#isAsync,
      callsOut: this.guarded.callsOut(instance) !== false,
      call: (passed) => guard.runOnStack(() => traced(trace, () => Reflect.apply(this.original, receiver, passed))),
      settle: (error) => {
        guard.end(flight);
        trace?.settled(error);
      },
      expired: () => {
        if (trace !== undefined) trace.message.timedOut = true;
      },
    });
  }

  /** What is in flight when it is called, unless that is what calls it. */
  #waitsFor(guard: Guard, instance: object): number {
    if (guard.flights.size === 0) return 0;
    return guard.isInside(this.guarded.callsOut(instance) !== false) ? 0 : guard.flights.begun;
  }
}

/** A send: never waits, and is only waited for. */
export class TrackedSend {
  readonly #isAsync: boolean;

  constructor(
    private readonly guarded: GuardedClass,
    private readonly original: Method,
  ) {
    this.#isAsync = isAsync(original);
  }

  call(instance: object, receiver: object, args: readonly unknown[]): unknown {
    if (this.guarded.stopping) return Reflect.apply(this.original, receiver, args);
    const guard = this.guarded.guardOf(instance);
    guard.sends++;
    const call = (passed: readonly unknown[]): unknown =>
      guard.runOnStack(() => Reflect.apply(this.original, receiver, passed));
    if (this.guarded.strategy === "on the stack") return call(args);
    const flight = guard.begin();
    return runFlight(guard, {
      flight,
      earlier: 0,
      args,
      // A function among its arguments may be called only when it fails.
      callbacks: false,
      isAsync: this.#isAsync,
      callsOut: this.guarded.callsOut(instance) !== false,
      call,
      settle: () => guard.end(flight),
    });
  }
}
