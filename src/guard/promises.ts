/**
 * Whether the guard may follow this promise. Thenables of other kinds are left alone: calling `then` on a lazy one
 * would run it twice.
 */
export function isPromise(value: unknown): value is Promise<unknown> {
  return value instanceof Promise;
}

export function ignore(): void {}

/** Keeps a promise that only the guard made from being reported as unhandled. */
export function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.then(ignore, ignore);
  return promise;
}
