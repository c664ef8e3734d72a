import type { BufferEvent } from "./recorder.js";

/**
 * Tells of the first read of a field, and of each time that another value takes its place, until it is taken away.
 * @param tell gives whether it was a flush that did it
 * @returns takes it away
 */
export function watchBuffer(owner: object, field: string, tell: (what: BufferEvent["what"]) => boolean): () => void {
  const own = Object.getOwnPropertyDescriptor(owner, field);
  if (own === undefined || !("value" in own) || !own.configurable || !own.writable) return () => {};
  let value: unknown = own.value;
  let isRead = false;
  const get = () => {
    if (!isRead) isRead = tell("read");
    return value;
  };
  const set = (next: unknown) => {
    if (isRead && tell("cleared")) isRead = false;
    value = next;
  };
  Object.defineProperty(owner, field, { get, set, enumerable: own.enumerable === true, configurable: true });
  return () => Object.defineProperty(owner, field, { ...own, value });
}
