import { ignore, NativePromise } from "../../methods/promises.js";
import { clearInterval, now, setInterval, turn } from "../../timers.js";

/** Longest turn of the clock, in milliseconds. */
const TURN_MS = 50;
/** Turns that the shortest limit is divided into. */
const TURNS = 4;
/** How long callers are kept waiting where nothing but that keeps the loop alive, in milliseconds: unguarded the process would end. */
const ALONE_MS = 5_000;
/** A turn that came so many milliseconds late was a freeze. */
const FROZEN_MS = 500;
/** Turns of the loop until a connection is taken for closed that a server has closed during a freeze. */
const THAW_TURNS = 8;

/** Something that has its time. */
export interface Limited {
  /** Milliseconds of loop time that are left; the clock's own to set. */
  leftMs: number;
  /** Called once when they are over, or callers have waited alone for too long. */
  late(): void;
}

/**
 * Measures time in which the event loop turns. A process that is frozen, as functions are between invocations, is not late
 * when it goes on: a freeze counts as one turn, however long it was.
 */
class Clock {
  readonly #limits = new Set<Limited>();
  #timer: NodeJS.Timeout | undefined;
  #turnMs = 0;
  #callers = 0;
  #aloneMs = 0;
  #holds = true;
  #turnedAt = 0;
  #thawing: Promise<void> | undefined;

  /** @param ms of loop time that it has */
  limit(ms: number, limited: Limited): void {
    const turnMs = Math.max(1, Math.min(TURN_MS, Math.floor(ms / TURNS)));
    limited.leftMs = ms;
    this.#limits.add(limited);
    if (this.#timer === undefined || turnMs < this.#turnMs) this.#wind(turnMs);
  }

  /** Its time does not matter any more. */
  stop(limited: Limited): void {
    if (!this.#limits.delete(limited) || this.#limits.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Whether whoever begins to wait now keeps the loop alive. */
  get holds(): boolean {
    return this.#holds;
  }

  /** Makes a call whose waits keep the loop alive, or do not: a drain has a limit of its own, and holds it for as long. */
  holding<T>(holds: boolean, call: () => T): T {
    const outer = this.#holds;
    this.#holds = holds;
    try {
      return call();
    } finally {
      this.#holds = outer;
    }
  }

  /**
   * While a caller waits for the guard the loop stays alive, as it would have for a caller of the client.
   * @returns to be called once, when it waits no more
   */
  wait(): () => void {
    if (!this.#holds) return ignore;
    this.#count(1);
    return () => this.#count(-1);
  }

  /**
   * What would have been sent before a freeze must not go out right after it: by a connection that was kept open, and that the
   * server has closed meanwhile, it would be lost.
   * @returns settles when the loop has seen which are closed; undefined where there was no freeze
   */
  thawed(): Promise<void> | undefined {
    this.#look();
    return this.#thawing;
  }

  #look(): void {
    const lateMs = now() - this.#turnedAt;
    this.#turnedAt += lateMs;
    if (lateMs < FROZEN_MS) return;
    this.#thawing ??= this.#thaw();
  }

  async #thaw(): Promise<void> {
    for (let left = THAW_TURNS; left > 0; left--) await turn();
    this.#thawing = undefined;
  }

  #count(callers: 1 | -1): void {
    const waited = this.#callers > 0;
    this.#callers += callers;
    if (this.#callers > 0 !== waited && this.#timer !== undefined) this.#wind(this.#turnMs);
  }

  #wind(turnMs: number): void {
    if (this.#timer === undefined) this.#turnedAt = now();
    clearInterval(this.#timer);
    this.#turnMs = turnMs;
    this.#timer = setInterval(() => this.#turn(), turnMs);
    if (this.#callers === 0) this.#timer.unref();
  }

  #turn(): void {
    this.#look();
    const limits = [...this.#limits];
    this.#aloneMs = this.#callers > 0 && isAlone() ? this.#aloneMs + this.#turnMs : 0;
    const isOver = this.#aloneMs >= ALONE_MS;
    for (const limited of limits) {
      limited.leftMs -= this.#turnMs;
      if ((limited.leftMs > 0 && !isOver) || !this.#limits.has(limited)) continue;
      this.stop(limited);
      limited.late();
    }
  }
}

/** Whether nothing keeps the loop alive but the timer of the clock. Standard streams are listed also where they do not. */
function isAlone(): boolean {
  const kinds = process.getActiveResourcesInfo();
  return kinds.filter((kind) => kind !== "PipeWrap" && kind !== "TTYWrap").length <= 1;
}

/** One for the process. It has no timer while nothing is in flight. */
export const clock = new Clock();

/** Settles with a promise, however that ends, or after so many milliseconds of loop time; after a freeze a few turns later. Never rejects. */
export async function settledWithin(ms: number, promise: Promise<unknown>): Promise<void> {
  const waited = clock.wait();
  await new NativePromise<void>((resolve) => {
    const limited: Limited = { leftMs: ms, late: resolve };
    clock.limit(ms, limited);
    const settled = (): void => {
      clock.stop(limited);
      resolve();
    };
    promise.then(settled, settled);
  });
  const thawed = clock.thawed();
  if (thawed !== undefined) await thawed;
  waited();
}
