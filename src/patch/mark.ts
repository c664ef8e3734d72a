const KEY = Symbol.for("flushguard.guarded");

/**
 * Wrappers, and the objects whose methods are guarded. One set for all copies of this package in the process: what one
 * guards the others leave alone. Off the objects themselves, where an app would see it.
 */
function guardedObjects(): WeakSet<object> {
  const holder = globalThis as { [KEY]?: WeakSet<object> };
  let objects = holder[KEY];
  if (objects === undefined) {
    objects = new WeakSet();
    Object.defineProperty(holder, KEY, { value: objects, configurable: true });
  }
  return objects;
}

export function isMarked(object: object): boolean {
  return guardedObjects().has(object);
}

export function mark(object: object): void {
  guardedObjects().add(object);
}

export function unmark(object: object): void {
  guardedObjects().delete(object);
}
