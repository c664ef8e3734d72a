import process from "node:process";
import type { Method } from "../../methods/method.js";
import { obstacle, wrapMethod } from "../../methods/wrap-method.js";

/** By what is called at the end of a process: listeners, then what ends it, which a listener may call as well. */
const ENDS: Readonly<Record<string, (original: Method, then: () => void) => Method>> = {
  emit: (original, then) =>
    function (...args) {
      if (args[0] !== "exit") return original.apply(this, args);
      try {
        return original.apply(this, args);
      } finally {
        then();
      }
    },
  reallyExit: (original, then) =>
    function (...args) {
      then();
      return original.apply(this, args);
    },
};

const callbacks = new Set<() => void>();
let restores: (() => void)[] = [];

/**
 * Calls back once all `exit` listeners of the process have run, also those that are added while it ends: no listener of
 * ours could come after those.
 * @param then must not throw; may be called twice
 * @returns takes it back
 */
export function afterExit(then: () => void): () => void {
  callbacks.add(then);
  if (callbacks.size === 1) restores = Object.entries(ENDS).flatMap(([name, wrapper]) => wrapEnd(name, wrapper));
  return () => {
    if (!callbacks.delete(then) || callbacks.size > 0) return;
    for (const restore of restores) restore();
  };
}

function wrapEnd(name: string, wrapper: (typeof ENDS)[string]): (() => void)[] {
  if (obstacle(process, name) !== undefined) return [];
  const callAll = () => {
    for (const then of callbacks) then();
  };
  const restore = wrapMethod(process, name, (original) => wrapper(original, callAll));
  return restore === undefined ? [] : [restore];
}
