/** Follows a property path from an instance to the object that holds its buffer; the instance where the path leads nowhere. */
export function ownerOf(instance: object, path: readonly string[]): object {
  let owner: unknown = instance;
  for (const key of path) {
    if (typeof owner !== "object" || owner === null) return instance;
    owner = (owner as Record<string, unknown>)[key];
  }
  return typeof owner === "object" && owner !== null ? owner : instance;
}
