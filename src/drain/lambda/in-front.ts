import type { Method } from "../../methods/method.js";
import { isReference } from "../../methods/owner.js";

/**
 * An object that is the given one but for another function at the end of a path. The given one stays as it is: what bundlers
 * export are accessors without a setter, and the app may read its own.
 * @returns the object itself where the path does not lead to a function
 */
export function inFront(object: unknown, path: readonly string[], replace: (original: Method) => Method): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return typeof object === "function" ? replace(object as Method) : object;
  if (!isReference(object)) return object;
  const original = (object as Record<string, unknown>)[name];
  const value = inFront(original, rest, replace);
  if (value === original) return object;
  // The runtime since 4 looks into no functions.
  const front = typeof object === "function" ? Object.setPrototypeOf(() => {}, object) : Object.create(object);
  return Object.defineProperty(front, name, { value });
}
