/** Whether it can have properties of its own: an object or a function, as a class is. */
export function isReference(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** Follows a property path from an instance to the object that holds its buffer; the instance where the path leads nowhere. */
export function ownerOf(instance: object, path: readonly string[]): object {
  let owner: unknown = instance;
  for (const key of path) {
    if (!isReference(owner)) return instance;
    owner = (owner as Record<string, unknown>)[key];
  }
  return isReference(owner) ? owner : instance;
}
