import type { GuardedClass } from "../guard/owner/guarded-class.js";
import { log } from "../log.js";
import { reasonOf } from "../reason-of.js";
import { now, queueMicrotask, setTimeout } from "../timers.js";
import { flushInstance, pendingIn } from "./flush-instance.js";
import { afterLoopTime } from "./loop-time.js";
import type { DrainedClient } from "./result.js";

/** Milliseconds that are waited for a client that did not answer in time, until it does. */
const LATE_MS = 200;
/** Milliseconds before each further attempt: a server that is restarted or refuses for a moment. */
const PAUSES_MS = [200, 400, 800, 1600];

/**
 * How a client is drained: "once"; "again" where it has failed and may still have what it had, as nothing comes after the end of
 * a process; "impatient": one that did not answer in time is waited for only shortly, until it does.
 */
export type Manner = "once" | "again" | "impatient";

const KEPT = "what it had recorded is still in its buffers";

type Outcome = Pick<DrainedClient, "state" | "reason">;

interface Attempt extends Outcome {
  /** It was over so soon that it may have had nothing to send. */
  atOnce?: boolean;
  /** No fewer records are in its buffers than before it: a client that hides a failure has put them back. */
  keeps?: boolean;
}

/** One instance, as it is drained. */
export class Client {
  #flushing: Promise<Attempt> | undefined;
  #late = false;

  constructor(
    private readonly guarded: GuardedClass,
    private readonly instance: WeakRef<object>,
  ) {}

  /**
   * Flushes it; drains that begin at once share the flush. Never rejects.
   * @param limitMs milliseconds of loop time that it is waited for
   */
  async drain(limitMs: number, manner: Manner): Promise<DrainedClient> {
    const target = this.guarded.name;
    const begun = now();
    const impatient = manner === "impatient";
    const limit = impatient && this.#late ? Math.min(limitMs, LATE_MS) : limitMs;
    let giveUp = (): void => {};
    const expired = new Promise<Attempt>((resolve) => {
      giveUp = afterLoopTime(limit, () => resolve({ state: "timed out", reason: `not settled after ${limit} ms` }));
    });
    let attempt = await Promise.race([this.#flush(), expired]);
    for (const pause of manner === "again" ? PAUSES_MS : []) {
      if (attempt.state !== "failed" && !attempt.keeps) break;
      const next = await Promise.race([paused(pause).then(() => this.#flush()), expired]);
      const hadNothing = next.state === "empty" || next.atOnce;
      // There is no time left, or the client itself has given up what it had.
      if (next.state === "timed out" || (hadNothing && attempt.state === "failed")) break;
      attempt = next;
    }
    giveUp();
    if (attempt.state === "timed out") this.#isLate(limit, impatient);
    const { atOnce: _, keeps, ...outcome } = attempt;
    const told: Outcome = manner === "again" && keeps ? { state: "failed", reason: KEPT } : outcome;
    return { target, ...told, ms: Math.round(now() - begun) };
  }

  #isLate(limit: number, impatient: boolean): void {
    if (this.#late) return;
    this.#late = true;
    if (!impatient) return;
    log.warn(`${this.guarded.name}: not flushed after ${limit} ms; it is waited for ${LATE_MS} ms at most until it is`);
  }

  #flush(): Promise<Attempt> {
    if (this.#flushing === undefined) {
      this.#flushing = this.#attempt();
      queueMicrotask(() => {
        this.#flushing = undefined;
      });
    }
    return this.#flushing;
  }

  async #attempt(): Promise<Attempt> {
    const instance = this.instance.deref();
    if (instance === undefined) return { state: "empty" };
    try {
      const before = pendingIn(this.guarded, instance) ?? 0;
      const flushed = await flushInstance(this.guarded, instance);
      const atOnce = flushed === "at once";
      // Late or not: it answers again.
      this.#late = false;
      const state = atOnce ? "flushed" : flushed;
      return { state, atOnce, keeps: before > 0 && (pendingIn(this.guarded, instance) ?? 0) >= before };
    } catch (error) {
      return { state: "failed", reason: reasonOf(error) };
    }
  }
}

/** Does not keep the loop alive, which the limit does for as long as somebody waits. */
function paused(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
