import { publishHazard } from "../telemetry/channels.js";
import { traceFlush } from "../telemetry/flush-trace.js";
import type { Guard } from "./guard.js";
import type { GuardedClass, Method } from "./guarded-class.js";
import { returnsOf } from "./method-source.js";

/** A flush that is over when it returns: only code that it calls can overlap it. */
export class SynchronousFlush {
  readonly #class: GuardedClass;
  readonly #original: Method;
  /** Owners whose flush was asked for from inside a flush and has not run yet. */
  readonly #asked = new WeakSet<object>();
  readonly #returnsThis: boolean;
  #followingUp = false;

  constructor(
    guarded: GuardedClass,
    original: Method,
    private readonly method: string,
  ) {
    this.#class = guarded;
    this.#original = original;
    this.#returnsThis = returnsOf(original) === "this";
  }

  call(instance: object, args: readonly unknown[]): unknown {
    const guard = this.#class.guardOf(instance);
    if (guard.running > 0) {
      publishHazard(this.#class.name, "re-entrancy", "averted");
      this.#afterwards(guard, instance, args);
      return this.#returnsThis ? instance : undefined;
    }
    guard.catchUp();
    this.#class.counters.flushes++;
    const call = (): unknown => guard.runOnStack(() => Reflect.apply(this.#original, instance, args));
    const trace = traceFlush(this.#class.name, this.method);
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
      this.#class.counters.joined++;
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
