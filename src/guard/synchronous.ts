import { publishHazard } from "../telemetry/channels.js";
import { traceFlush } from "../telemetry/flush-trace.js";
import type { Guard } from "./guard.js";
import type { GuardedClass, Method } from "./guarded-class.js";
import { returnsOf } from "./method-source.js";

/** A flush that is over when it returns: only code that it calls can overlap it. */
export class SynchronousFlush {
  /** Owners whose flush was asked for from inside a flush and has not run yet. */
  readonly #asked = new WeakSet<object>();
  readonly #returnsThis: boolean;
  #followingUp = false;

  constructor(
    private readonly guarded: GuardedClass,
    private readonly original: Method,
    private readonly method: string,
  ) {
    this.#returnsThis = returnsOf(original) === "this";
  }

  call(instance: object, args: readonly unknown[]): unknown {
    const guard = this.guarded.guardOf(instance);
    if (guard.running > 0) {
      publishHazard(this.guarded.name, "re-entrancy", "averted");
      this.#afterwards(guard, instance, args);
      return this.#returnsThis ? instance : undefined;
    }
    guard.catchUp();
    this.guarded.counters.flushes++;
    const trace = traceFlush(this.guarded.name, this.method);
    const call = (): unknown => guard.runOnStack(() => Reflect.apply(this.original, instance, args));
    if (trace === undefined) return call();
    const result = trace.run(call);
    trace.settled();
    return result;
  }

  /** Once the stack is empty: from within, the batch being flushed would go out again, or what is recorded now be cleared. */
  #afterwards(guard: Guard, instance: object, args: readonly unknown[]): void {
    if (args.length === 0) {
      // A flush that asks for a flush gets one more, not one after another for ever.
      if (this.#asked.has(guard) || this.#followingUp) return;
      this.#asked.add(guard);
      this.guarded.counters.joined++;
    }
    guard.afterStack(() => {
      this.#asked.delete(guard);
      this.#followingUp = true;
      try {
        this.call(instance, args);
      } finally {
        this.#followingUp = false;
      }
    });
  }
}
