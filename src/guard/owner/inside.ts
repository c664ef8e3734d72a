import { lookAtCalls } from "../../methods/call-sites.js";
import { isPlainPromise, NativePromise, quiet } from "../../methods/promises.js";

/** What a followed call does when its promise has settled. */
export interface Ending {
  /** Called at once. */
  ended(error?: { cause: unknown }): void;
  /** What else its caller waits for; never rejects. Undefined: nothing. */
  rest(): Promise<unknown> | undefined;
}

/** How the names begin that tell a stack trace whose code it is: nothing else in a process is called so. */
const FRAME = "flushguardFlight ";
/** A flight that hides deeper in the stack than this is not found. */
const FRAMES = 200;

/** Asks for something outside of every flight. */
export const NOBODY: ReadonlySet<Inside> = new Set();

/** Those whose calls are on the stack. */
let onStack: Inside[] = [];
/** Those with calls that are followed and have not settled, by the name of their frames. */
const following = new Map<string, Inside>();
/** None of those calls has gone on since it was made: what they await continues after the microtask that was queued before the first. */
let isFresh = false;
let made = 0;

/** The code that runs inside the flights of one lock owner, on the stack and later, and what it waits for. */
export class Inside {
  readonly #frame = `${FRAME}${++made}`;
  readonly #follow = followAs(this.#frame);
  /** Calls that are followed and have not settled. */
  #followed = 0;
  /** Those whose flights code in here waits for, and how much of it. */
  readonly #waitsFor = new Map<Inside, number>();

  /** Makes a call of a flight. */
  run<T>(call: () => T): T {
    if (following.size === 0 && !isFresh) {
      isFresh = true;
      void NativePromise.resolve().then(() => {
        isFresh = false;
      });
    }
    onStack.push(this);
    try {
      return call();
    } finally {
      onStack.pop();
    }
  }

  /** Waits for what `run` has returned. */
  followFlight(promise: Promise<unknown>, ending: Ending): Promise<unknown> {
    return this.#follow(this, promise, ending);
  }

  /** Waits for what another call has returned, which may have gone on before its call returned. */
  followCall(promise: Promise<unknown>, ending: Ending): Promise<unknown> {
    isFresh = false;
    return this.followFlight(promise, ending);
  }

  /** A call that is followed begins, or has settled. */
  follows(change: 1 | -1): void {
    this.#followed += change;
    if (this.#followed > 0) following.set(this.#frame, this);
    else following.delete(this.#frame);
  }

  /**
   * Inside whose flights the running code is, which asks for something that waits for those in here. Code that runs in a plain
   * callback does not tell.
   * @returns undefined where it would wait for itself
   */
  askers(): ReadonlySet<Inside> | undefined {
    if (onStack.length === 0 && (following.size === 0 || isFresh)) return NOBODY;
    const askers = new Set(onStack);
    if (following.size > 0 && !isFresh && !addAwaiting(askers)) return undefined;
    return askers.size > 0 && this.#waitsForAny(askers, new Set()) ? undefined : askers;
  }

  /**
   * Makes a call that waits for the flights in here, for those who have asked.
   * @param isAsync whether a rejection is the caller's to handle
   */
  waitedFor(askers: ReadonlySet<Inside>, isAsync: boolean, call: () => unknown): unknown {
    if (askers.size === 0) return call();
    this.#count(askers, 1);
    let result: unknown;
    try {
      result = call();
    } finally {
      if (!isPlainPromise(result)) this.#count(askers, -1);
    }
    if (!isPlainPromise(result)) return result;
    const followed = this.#untilSettled(askers, result);
    return isAsync ? followed : quiet(followed);
  }

  async #untilSettled(askers: ReadonlySet<Inside>, promise: Promise<unknown>): Promise<unknown> {
    try {
      return await promise;
    } finally {
      this.#count(askers, -1);
    }
  }

  #count(askers: ReadonlySet<Inside>, change: 1 | -1): void {
    for (const asker of askers) {
      const waits = (asker.#waitsFor.get(this) ?? 0) + change;
      if (waits > 0) asker.#waitsFor.set(this, waits);
      else asker.#waitsFor.delete(this);
    }
  }

  /** Whether it is one of them, or waits for one in the end. */
  #waitsForAny(others: ReadonlySet<Inside>, seen: Set<Inside>): boolean {
    if (others.has(this)) return true;
    seen.add(this);
    for (const next of this.#waitsFor.keys()) if (!seen.has(next) && next.#waitsForAny(others, seen)) return true;
    return false;
  }
}

type Follow = (inside: Inside, promise: Promise<unknown>, ending: Ending) => Promise<unknown>;

/**
 * V8 keeps, for what is awaited by an async function, the way back to it: its name in an async stack trace tells code that was
 * started inside a flight from other code, without an AsyncLocalStorage, which makes every await of the process dearer before
 * Node 24.
 */
function followAs(name: string): Follow {
  const { [name]: follow } = {
    async [name](inside: Inside, promise: Promise<unknown>, ending: Ending): Promise<unknown> {
      let value: unknown;
      inside.follows(1);
      try {
        value = await promise;
      } catch (cause) {
        inside.follows(-1);
        ending.ended({ cause });
        const waits = ending.rest();
        if (waits !== undefined) await waits;
        throw cause;
      }
      inside.follows(-1);
      ending.ended();
      const waits = ending.rest();
      if (waits !== undefined) await waits;
      return value;
    },
  };
  return follow as Follow;
}

/** Makes a call of the guard's own, on whatever stack: what it begins is not inside what it happens to be called from. */
export function runOutside<T>(call: () => T): T {
  const outer = onStack;
  onStack = [];
  try {
    return call();
  } finally {
    onStack = outer;
  }
}

/**
 * Adds those whose followed calls the running code goes on for.
 * @returns false where that cannot be told
 */
function addAwaiting(askers: Set<Inside>): boolean {
  return lookAtCalls(addAwaiting, FRAMES, (frames) => {
    for (const frame of frames) {
      const inside = isAwaiting(frame) ? following.get(frame.getFunctionName() ?? "") : undefined;
      if (inside !== undefined) askers.add(inside);
    }
  });
}

/** A flight that has just ended is on the stack itself: what it begins then is not inside it. */
function isAwaiting(frame: NodeJS.CallSite): boolean {
  return (frame as NodeJS.CallSite & { isAsync(): boolean }).isAsync();
}
