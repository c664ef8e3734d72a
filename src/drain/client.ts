import type { GuardedClass } from "../guard/owner/guarded-class.js";
import { log } from "../log.js";
import { flushInstance } from "./flush-instance.js";
import { afterLoopTime } from "./loop-time.js";
import type { DrainedClient } from "./result.js";

/** Milliseconds that are waited for a client that did not answer in time, until it does. */
const LATE_MS = 200;

type Outcome = Pick<DrainedClient, "state" | "reason">;

/** One instance, as it is drained. */
export class Client {
  #flushing: Promise<Outcome> | undefined;
  #late = false;

  constructor(
    private readonly guarded: GuardedClass,
    private readonly instance: WeakRef<object>,
  ) {}

  /**
   * Flushes it; drains that begin at once share the flush. Never rejects.
   * @param limitMs milliseconds of loop time that it is waited for
   * @param impatient whether a client that did not answer in time is waited for only shortly, until it does
   */
  async drain(limitMs: number, impatient: boolean): Promise<DrainedClient> {
    const target = this.guarded.name;
    const begun = performance.now();
    const limit = impatient && this.#late ? Math.min(limitMs, LATE_MS) : limitMs;
    let giveUp = (): void => {};
    const expired = new Promise<Outcome>((resolve) => {
      giveUp = afterLoopTime(limit, () => resolve({ state: "timed out", reason: `not settled after ${limit} ms` }));
    });
    const outcome = await Promise.race([this.#flush(), expired]);
    giveUp();
    if (outcome.state === "timed out") this.#isLate(limit, impatient);
    return { target, ...outcome, ms: Math.round(performance.now() - begun) };
  }

  #isLate(limit: number, impatient: boolean): void {
    if (this.#late) return;
    this.#late = true;
    if (!impatient) return;
    log.warn(`${this.guarded.name}: not flushed after ${limit} ms; it is waited for ${LATE_MS} ms at most until it is`);
  }

  #flush(): Promise<Outcome> {
    if (this.#flushing === undefined) {
      this.#flushing = this.#attempt();
      queueMicrotask(() => {
        this.#flushing = undefined;
      });
    }
    return this.#flushing;
  }

  async #attempt(): Promise<Outcome> {
    const instance = this.instance.deref();
    if (instance === undefined) return { state: "empty" };
    try {
      const state = await flushInstance(this.guarded, instance);
      // Late or not: it answers again.
      this.#late = false;
      return { state };
    } catch (error) {
      return { state: "failed", reason: error instanceof Error ? error.message : String(error) };
    }
  }
}
