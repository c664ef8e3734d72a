/**
 * Watches a field for assignments, until it is released. It keeps its value and its place throughout.
 * @param assigned called after each assignment, with the value before and after it
 * @returns the release; undefined where the field cannot be watched
 */
export function watchField(
  owner: object,
  field: string,
  assigned: (before: unknown, after: unknown) => void,
): (() => void) | undefined {
  const own = Object.getOwnPropertyDescriptor(owner, field);
  if (own === undefined || !("value" in own) || !own.configurable || !own.writable) return undefined;
  let current: unknown = own.value;
  const watched = {
    enumerable: own.enumerable === true,
    configurable: true,
    get: () => current,
    set(this: object, value: unknown) {
      if (this !== owner) {
        // An object that inherits from the owner gets a field of its own, as it would from a plain field.
        Object.defineProperty(this, field, { ...own, value });
        return;
      }
      const before = current;
      current = value;
      assigned(before, value);
    },
  };
  Object.defineProperty(owner, field, watched);
  return () => {
    if (Object.getOwnPropertyDescriptor(owner, field)?.get !== watched.get) return;
    Object.defineProperty(owner, field, { ...own, value: current });
  };
}
