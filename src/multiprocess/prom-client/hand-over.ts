import { isMainThread, MessagePort } from "node:worker_threads";
import type { Method } from "../../methods/method.js";
import { obstacle, type Restore, wrapMethod } from "../../methods/wrap-method.js";

/**
 * What a worker thread, or a child process, does once it is through with a job: it sends the result, or blocks for the next.
 * And what ends a process, or its program, with no `exit`: a signal that it sends to itself, another program in its place.
 */
const HAND_OVERS: readonly (readonly [holder: object, name: string, isNone?: (message: unknown) => boolean])[] = [
  [process, "kill"],
  ...(isMainThread
    ? ([
        // What `process.send` calls: tinypool binds that one before a client is there.
        [process, "_send", isOfNode],
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
  const restores = HAND_OVERS.map(([holder, name, isNone]) => {
    // A process that nobody has forked has no `_send`.
    if (!(name in holder) || obstacle(holder, name) !== undefined) return undefined;
    return wrapMethod(holder, name, (original) => before(original, first, isNone));
  });
  return () => restores.map((restore) => restore?.() ?? true).every(Boolean);
}

function before(original: Method, first: () => void, isNone?: (message: unknown) => boolean): Method {
  return function (...args) {
    if (isNone === undefined || !isNone(args[0])) first();
    return original.apply(this, args);
  };
}

/** A worker of a cluster sends one for each connection: https://github.com/nodejs/node/blob/v24.0.0/lib/internal/cluster/child.js */
function isOfNode(message: unknown): boolean {
  if (typeof message !== "object" || message === null) return false;
  const command: unknown = Object.getOwnPropertyDescriptor(message, "cmd")?.value;
  return typeof command === "string" && command.startsWith("NODE_");
}
