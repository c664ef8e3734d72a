import type { Method } from "./method.js";

type Shimmed = Method & { __original?: Method; __unwrap?: unknown };

/** A method that somebody else has wrapped with shimmer, beneath a wrapper of ours. */
export interface Removable {
  /** What ours calls. */
  call: Method;
  current(): Method;
  /** Leaves their wrapper out: they take it away by what they find on top, which is ours. */
  remove(): void;
}

/** @returns undefined where nobody has wrapped the method */
export function removable(method: Shimmed): Removable | undefined {
  if (typeof method.__unwrap !== "function" || method.__original === undefined) return undefined;
  let current = method;
  const call = function (this: unknown, ...args: unknown[]): unknown {
    return Reflect.apply(current, this, args);
  };
  return {
    call: Object.assign(call, { __original: method }),
    current: () => current,
    remove() {
      current = current.__original ?? current;
    },
  };
}
