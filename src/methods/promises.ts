/**
 * The class of what async functions give, whatever an app has put in its place: zone.js, Bluebird. What the guard itself makes is of
 * this class, as no other tells Node of a rejection that nobody handles.
 */
export const NativePromise = (async () => {})().constructor as PromiseConstructor;

/**
 * Whether the guard may follow this promise. Thenables of other kinds are left alone: calling `then` on a lazy one
 * would run it twice.
 */
export function isPromise(value: unknown): value is Promise<unknown> {
  const { Promise: own } = globalThis;
  return value instanceof NativePromise || (typeof own === "function" && value instanceof own);
}

/** Whether it can be waited for, a promise or not. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

/** Whether another promise may take its place: it is of no class of its own and has nothing that a caller could look for. */
export function isPlainPromise(value: unknown): value is Promise<unknown> {
  if (!isPromise(value) || value.constructor !== NativePromise) return false;
  // On Node 20 an AsyncLocalStorage in use puts symbols on every promise.
  const names = Object.getOwnPropertyNames(value);
  return names.length === 0 || areOnEvery(names);
}

/** Whether each promise that is made here and now has these: node:domain and agents put theirs on it as it is made. */
function areOnEvery(names: readonly string[]): boolean {
  const other = new NativePromise(ignore);
  return names.every((name) => Object.hasOwn(other, name));
}

/** What comes of a promise, by one of Node's: a `then` that an app has put in place of Node's gives its own, as that of zone.js does. */
export function mapped<T, R>(promise: Promise<T>, map: (value: T) => R | PromiseLike<R>): Promise<R> {
  const made: PromiseLike<R> = promise.then(map);
  return made instanceof NativePromise ? made : new NativePromise((resolve, reject) => void made.then(resolve, reject));
}

export function ignore(): void {}

/** Keeps a promise that only the guard made from being reported as unhandled. */
export function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.then(ignore, ignore);
  return promise;
}
