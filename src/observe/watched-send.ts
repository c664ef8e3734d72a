import { withCallback } from "../guard/calls/callback-argument.js";
import type { Callbacks } from "../guard/calls/callbacks.js";
import type { Method } from "../methods/method.js";
import { ignore, isPromise } from "../methods/promises.js";
import { type Ends, hasFailed } from "../target.js";

/**
 * Runs a flush with the method watched that it hands its batch to. Only until it returns: it does so before it first waits.
 * @param callbacks told of the callback that the method is given
 * @param failed called when the method has a result that the client takes for a success and that is none
 */
export function withWatchedSend<T>(
  instance: object,
  ends: Ends,
  callbacks: Callbacks,
  failed: () => void,
  run: () => T,
): T {
  const { method } = ends;
  if (method === undefined) return run();
  const own = Object.getOwnPropertyDescriptor(instance, method);
  const original = (instance as Record<string, unknown>)[method];
  const replaceable = own === undefined ? Object.isExtensible(instance) : own.configurable && "value" in own;
  if (typeof original !== "function" || !replaceable) return run();
  const judge = (result: unknown): void => {
    if (hasFailed(ends, result)) failed();
  };
  const watched: Method = function (...args) {
    const result: unknown = Reflect.apply(original as Method, this, withCallback(args, callbacks));
    if (isPromise(result) && ends.failed !== undefined) result.then(judge).catch(ignore);
    return result;
  };
  Object.defineProperty(instance, method, {
    writable: true,
    enumerable: false,
    configurable: true,
    ...own,
    value: watched,
  });
  try {
    return run();
  } finally {
    if (Object.getOwnPropertyDescriptor(instance, method)?.value === watched) {
      if (own === undefined) delete (instance as Record<string, unknown>)[method];
      else Object.defineProperty(instance, method, own);
    }
  }
}
