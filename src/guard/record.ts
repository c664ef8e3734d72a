import type { GuardedClass, Method } from "./guarded-class.js";

/** A record call while some owner of the class is busy and the class holds its records. */
export function recordOrHold(
  guarded: GuardedClass,
  original: Method,
  receiver: unknown,
  args: ArrayLike<unknown>,
  returnsThis: boolean,
): unknown {
  const instance = guarded.instanceOf(receiver);
  const guard = instance === undefined ? undefined : guarded.existingGuardOf(instance);
  if (instance !== undefined && guard?.mustHold && guard.hold(original, instance, args)) {
    return returnsThis ? receiver : undefined;
  }
  guarded.owners.enter();
  try {
    return Reflect.apply(original, receiver, args);
  } finally {
    guarded.owners.leave();
  }
}

/** A record call while some owner of the class has a batch detached: it goes to the live buffer, also from inside the flush. */
export function recordLive(
  guarded: GuardedClass,
  original: Method,
  receiver: unknown,
  args: ArrayLike<unknown>,
): unknown {
  const instance = guarded.instanceOf(receiver);
  const guard = instance === undefined ? undefined : guarded.existingGuardOf(instance);
  if (instance === undefined || guard === undefined) return Reflect.apply(original, receiver, args);
  guard.recording++;
  try {
    const result: unknown = Reflect.apply(original, instance, args);
    return result === instance ? receiver : result;
  } finally {
    guard.recording--;
  }
}
