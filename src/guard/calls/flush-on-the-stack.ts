import { Kinds } from "../../methods/kinds.js";
import type { Method } from "../../methods/method.js";
import { publishHazard } from "../../telemetry/channels.js";
import { traceFlush } from "../../telemetry/flush-trace.js";
import { Contents } from "../buffers/contents.js";
import type { Guard } from "../owner/guard.js";
import type { GuardedClass } from "../owner/guarded-class.js";
import { isAlike } from "./callback-argument.js";

/** A flush that is over when it returns: only code that it calls can overlap it. */
export class FlushOnTheStack {
  /** Owners whose flush was asked for from inside a flush and has not run yet. */
  readonly #asked = new WeakSet<object>();
  readonly #kinds = new Kinds();
  #followingUp = false;
  #running: { owner: object; args: readonly unknown[]; contents: Contents | undefined } | undefined;

  constructor(
    private readonly guarded: GuardedClass,
    private readonly original: Method,
    private readonly method: string,
  ) {}

  call(instance: object, receiver: object, args: readonly unknown[]): unknown {
    const guard = this.guarded.guardOf(instance);
    if (guard.running > 0) return this.#fromInside(guard, instance, receiver, args);
    guard.catchUp();
    this.guarded.counters.flushes++;
    const trace = traceFlush(this.guarded.name, this.method);
    const outer = this.#running;
    const contents =
      this.guarded.callsOut(instance) === undefined ? new Contents(this.guarded.ownerOf(instance)) : undefined;
    const call = (): unknown => {
      this.#running = { owner: guard, args, contents };
      try {
        return guard.runOnStack(() => Reflect.apply(this.original, receiver, args));
      } finally {
        this.#running = outer;
      }
    };
    const result = trace === undefined ? call() : trace.run(call);
    trace?.settled();
    this.#kinds.note(result, instance);
    return result;
  }

  #fromInside(guard: Guard, instance: object, receiver: object, args: readonly unknown[]): unknown {
    if (!this.#isTheApps(guard, instance, args)) return Reflect.apply(this.original, receiver, args);
    publishHazard(this.guarded.name, "re-entrancy", "averted");
    this.#afterwards(guard, instance, receiver, args);
    return this.#kinds.known() === "this" ? instance : undefined;
  }

  /** It may be the client's own: one flush that calls another, or itself, unless called alike it would never end, or what has recorded meanwhile asks for it. */
  #isTheApps(guard: Guard, instance: object, args: readonly unknown[]): boolean {
    const running = this.#running;
    if (running?.owner !== guard) return false;
    return (
      this.guarded.callsOut(instance) ??
      (running.contents?.isUntouched === true && (guard.keepsSomething || isAlike(args, running.args)))
    );
  }

  /** Once the stack is empty: from within, the batch being flushed would go out again, or what is recorded now be cleared. */
  #afterwards(guard: Guard, instance: object, receiver: object, args: readonly unknown[]): void {
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
        this.call(instance, receiver, args);
      } finally {
        this.#followingUp = false;
      }
    });
  }
}
