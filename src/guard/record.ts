import type { GuardedClass, Method } from "./guarded-class.js";

/** Record calls while some owner of the class is busy and the class holds its records. */
export function recordOrHold(guarded: GuardedClass, original: Method, returnsThis: boolean): Method {
  return function (this: unknown, ...args) {
    const instance = guarded.instanceOf(this);
    const guard = instance === undefined ? undefined : guarded.existingGuardOf(instance);
    if (instance !== undefined && guard?.mustHold && guard.hold(original, instance, args)) {
      return returnsThis ? this : undefined;
    }
    guarded.owners.enter();
    try {
      return Reflect.apply(original, this, args);
    } finally {
      guarded.owners.leave();
    }
  };
}

/** Record calls while some owner of the class has a batch detached: they go to the live buffer, also from inside the flush. */
export function recordLive(guarded: GuardedClass, original: Method): Method {
  return function (this: unknown, ...args) {
    const instance = guarded.instanceOf(this);
    const guard = instance === undefined ? undefined : guarded.existingGuardOf(instance);
    if (instance === undefined || guard === undefined) return Reflect.apply(original, this, args);
    guard.recording++;
    try {
      const result: unknown = Reflect.apply(original, instance, args);
      return result === instance ? this : result;
    } finally {
      guard.recording--;
    }
  };
}
