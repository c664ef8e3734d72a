/** Of instances: a static one is read from the class, by its name. */
const PRIVATE = /(?:\b[a-z_$][\w$]*|[)\]])\??\.#[\w$]|\b_{1,2}classPrivate(?:Field|Method)?\w*\(/;
const known = new WeakMap<object, boolean>();

/**
 * Whether the class of a prototype, or one it extends, has `#private` fields, also compiled ones. A view has none of them, so
 * a method that reads one would throw on it.
 */
export function hasPrivateFields(prototype: object): boolean {
  let found = known.get(prototype);
  if (found === undefined) {
    const Class: unknown = Object.hasOwn(prototype, "constructor") ? prototype.constructor : undefined;
    const parent = Object.getPrototypeOf(prototype) as object | null;
    found =
      (typeof Class === "function" && PRIVATE.test(Function.prototype.toString.call(Class))) ||
      (parent !== null && hasPrivateFields(parent));
    known.set(prototype, found);
  }
  return found;
}
