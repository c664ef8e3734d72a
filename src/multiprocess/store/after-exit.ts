import process from "node:process";
import type { Method } from "../../methods/method.js";
import { obstacle, wrapMethod } from "../../methods/wrap-method.js";

/** By what is called at the end of a process: listeners, then what ends it, which a listener may call as well. */
const ENDS: Readonly<Record<string, (original: Method, then: () => void) => Method>> = {
  emit: (original, then) =>
    function (...args) {
      const [event] = args;
      if (event === PROBE) {
        isReached = true;
        return false;
      }
      const isExit = event === "exit";
      if (!isExit && !LAST_BEFORE.has(event)) return original.apply(this, args);
      if (isExit) telling++;
      try {
        return original.apply(this, args);
      } finally {
        if (!isExit) comeLast();
        else if (--telling === 0) then();
      }
    },
  reallyExit: (original, then) =>
    function (...args) {
      then();
      return original.apply(this, args);
    },
};

/** What is told before `exit`: when nothing is left to be done, and when nobody catches an error. */
const LAST_BEFORE: ReadonlySet<unknown> = new Set(["beforeExit", "uncaughtExceptionMonitor"]);

/** An event of nobody, by which it shows whether ours is called. */
const PROBE = Symbol("flushguard");
let isReached = false;
/** How many of ours are telling of the end now, one by another. */
let telling = 0;

const callbacks = new Set<() => void>();
const restores: (() => void)[] = [];
/** All that have been put in place of `process.emit`. */
const ours = new WeakSet<object>();
/** What was in that place when it was last looked at. */
let seen: unknown;

/**
 * Calls back once all `exit` listeners of the process have run, also those that are added while it ends: no listener of
 * ours could come after those.
 * @param then must not throw; may be called several times
 * @returns takes it back
 */
export function afterExit(then: () => void): () => void {
  callbacks.add(then);
  if (callbacks.size === 1) wrapEnds();
  return () => {
    if (!callbacks.delete(then) || callbacks.size > 0) return;
    for (const restore of restores.splice(0).reverse()) restore();
  };
}

/**
 * Makes sure that it is called back where others have replaced `process.emit` by one that calls what it found earlier
 * (https://github.com/tapjs/signal-exit/blob/v3.0.7/index.js). Costs one comparison where nobody has.
 */
export function stayAfterExit(): void {
  if (process.emit === seen || callbacks.size === 0) return;
  seen = process.emit;
  isReached = false;
  try {
    (process as NodeJS.EventEmitter).emit(PROBE);
  } catch {
    // What another makes of an event that it does not know is not an error of the app's.
    return;
  }
  if (!isReached) wrapEnds();
}

/** After what those record that have put theirs over ours, and go on once all listeners have run. */
function comeLast(): void {
  if (callbacks.size > 0 && !ours.has(process.emit)) wrapEnds();
}

function wrapEnds(): void {
  restores.push(...Object.entries(ENDS).flatMap(([name, wrapper]) => wrapEnd(name, wrapper)));
  seen = process.emit;
  ours.add(process.emit);
}

function wrapEnd(name: string, wrapper: (typeof ENDS)[string]): (() => void)[] {
  if (obstacle(process, name) !== undefined) return [];
  const callAll = () => {
    for (const then of callbacks) then();
  };
  const restore = wrapMethod(process, name, (original) => wrapper(original, callAll));
  return restore === undefined ? [] : [restore];
}
