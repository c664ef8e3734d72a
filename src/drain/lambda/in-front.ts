type Callable = (this: unknown, ...args: unknown[]) => unknown;

/**
 * An object like the given one, with another function at the end of a path. The given one stays as it is: what bundlers export
 * are accessors without a setter, and the app may read its own.
 * @returns the object itself where the path does not lead to a function
 */
export function inFront(object: unknown, path: readonly string[], replace: (original: Callable) => Callable): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return typeof object === "function" ? replace(object as Callable) : object;
  if ((typeof object !== "object" && typeof object !== "function") || object === null) return object;
  const original = (object as Record<string, unknown>)[name];
  const value = inFront(original, rest, replace);
  if (value === original) return object;
  return Object.create(Object.getPrototypeOf(object) as object | null, {
    ...Object.getOwnPropertyDescriptors(object),
    [name]: { value, writable: true, configurable: true, enumerable: true },
  });
}
