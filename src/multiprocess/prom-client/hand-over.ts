import { isMainThread, MessagePort } from "node:worker_threads";
import type { Method } from "../../methods/method.js";
import { obstacle, type Restore, wrapMethod } from "../../methods/wrap-method.js";

/**
 * What a worker thread, or a child process, does once it is through with a job: it sends the result, or blocks for the next.
 * And what ends a process, or its program, with no `exit`: a signal that it sends to itself, another program in its place.
 */
const HAND_OVERS: readonly (readonly [holder: object, name: string])[] = [
  [process, "kill"],
  ...(isMainThread
    ? ([
        // What `process.send` calls: tinypool binds that one before a client is there.
        [process, "_send"],
        [process, "abort"],
        [process, "execve"],
      ] as const)
    : ([
        [MessagePort.prototype, "postMessage"],
        [Atomics, "wait"],
      ] as const)),
];

/**
 * Calls something before this thread hands anything over: who has the result of a job has its counts, also where the thread
 * then blocks, as those of piscina and tinypool do inside of a tick, or is ended, as those of all pools are.
 * @param first must not throw
 */
export function beforeHandOver(first: () => void): Restore {
  const restores = HAND_OVERS.map(([holder, name]) => {
    // A process that nobody has forked has no `_send`.
    if (!(name in holder) || obstacle(holder, name) !== undefined) return undefined;
    return wrapMethod(holder, name, (original) => before(original, first));
  });
  return () => restores.map((restore) => restore?.() ?? true).every(Boolean);
}

function before(original: Method, first: () => void): Method {
  return function (...args) {
    first();
    return original.apply(this, args);
  };
}
