import { NativePromise } from "../../methods/promises.js";
import { unview } from "../buffers/view.js";
import { clock } from "../owner/clock.js";
import type { Guard, InLine } from "../owner/guard.js";
import { hasCallback, toCallback } from "./callback-argument.js";
import type { ExclusiveMethod, Start } from "./exclusive-run.js";

/** A flush that may have to wait for another. */
export interface WaitingFlush extends ExclusiveMethod {
  /** Begins a call that keeps others out. */
  begin(guard: Guard, instance: object, args: readonly unknown[], start: Start): unknown;
  /** Makes a call of which nothing can be said. */
  beginOpen(guard: Guard, instance: object, args: readonly unknown[]): unknown;
  /** Whether nothing is in the buffer, or kept from it. */
  isEmpty(guard: Guard, instance: object): boolean;
}

/** How a flush waits in line. */
export interface Wait {
  /** Asked for from inside a flush. */
  reentrant: boolean;
  /** How many had begun; where nobody else waits for it, it does not run after one more. */
  flushes?: number;
  /** There was something to send: that the flush in front of it has sent all is no failure of this one. */
  hadSome?: boolean;
}

/** A call of a flush in line behind the one in flight; several callers may wait for it. */
export class FollowUp implements InLine {
  readonly promise: Promise<unknown>;
  readonly #holds = clock.holds;
  readonly #locked: Promise<void>;
  /** Another flush has run in its place. */
  #adopted: { result: unknown } | undefined;
  #isShared = false;

  constructor(
    private readonly flush: WaitingFlush,
    private readonly guard: Guard,
    private readonly instance: object,
    private readonly args: readonly unknown[],
    private readonly wait: Wait,
  ) {
    // It would wait for the record that waits for it.
    const inRecord = guard.recording > 0 && (flush.guarded.owners.onStack || guard.askers(true) === undefined);
    this.#locked = guard.lock();
    const run = this.#run(inRecord);
    this.promise = flush.kinds.known(hasCallback(args)) === "promise" ? run : run.catch(toCallback(args));
  }

  join(): Promise<unknown> {
    this.#isShared = true;
    void this.#locked.then(clock.wait());
    return this.promise;
  }

  runNow(): void {
    this.adopt(new NativePromise((resolve) => resolve(this.#original())));
  }

  adopt(result: unknown): void {
    this.#adopted = { result };
  }

  async #run(inRecord: boolean): Promise<unknown> {
    const { args, flush, guard, instance } = this;
    await this.#locked;
    if (!inRecord) await this.#holding(() => flush.guarded.recordsSettled(guard));
    if (guard.followUps.get(flush) === this) guard.followUps.delete(flush);
    const instead = this.#instead();
    if (instead !== undefined) {
      guard.unlock();
      return instead();
    }
    const { hadSome, reentrant } = this.wait;
    const sent = hadSome && flush.isEmpty(guard, instance) ? guard.previous?.promise : undefined;
    const begin = (): unknown => this.#holding(() => flush.begin(guard, instance, args, { locked: true, reentrant }));
    return sent === undefined ? begin() : orElse(begin, sent);
  }

  /** What happens in its place, now that it has the lock; undefined where it begins. */
  #instead(): (() => unknown) | undefined {
    const { args, flush, guard, instance } = this;
    const { flushes } = this.wait;
    if (flushes !== undefined && flushes !== guard.flushes && !this.#isShared) return () => undefined;
    const adopted = this.#adopted;
    if (adopted !== undefined) return () => adopted.result;
    if (flush.guarded.stopping) return () => this.#original();
    if (guard.isOpen) return () => this.#holding(() => flush.beginOpen(guard, instance, args));
    return undefined;
  }

  #original(): unknown {
    return Reflect.apply(this.flush.original, this.instance, this.args);
  }

  /** What waited with it keeps the loop alive no less than when it was asked for. */
  #holding<T>(call: () => T): T {
    return clock.holding(this.#holds, call);
  }
}

/** What a call gives, or, should that fail, what an earlier one has given, unless that has failed too. */
async function orElse(call: () => unknown, earlier: Promise<unknown>): Promise<unknown> {
  try {
    return await call();
  } catch (error) {
    return earlier.then(unview, () => {
      throw error;
    });
  }
}
