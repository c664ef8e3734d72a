/**
 * On an object whose methods are guarded, own: a subclass of a guarded class is not itself guarded. Registered, so that
 * a second copy of this package in the process leaves alone what the first one guards.
 */
const MARK = Symbol.for("flushguard.guarded");

export function isMarked(holder: object): boolean {
  return Object.hasOwn(holder, MARK);
}

export function mark(holder: object): void {
  Object.defineProperty(holder, MARK, { value: true, configurable: true });
}

export function unmark(holder: object): void {
  delete (holder as Record<symbol, unknown>)[MARK];
}
