/** Dictionaries that have been seen empty, by class: one of a fixed shape never is, and must not be begun empty. */
export type SeenEmpty = Set<string>;

/** Whether a buffer is one, of whatever class. */
export function isDictionary(buffer: unknown): boolean {
  return (
    typeof buffer === "object" &&
    buffer !== null &&
    !Array.isArray(buffer) &&
    !(buffer instanceof Map) &&
    !(buffer instanceof Set)
  );
}
