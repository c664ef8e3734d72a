import { AsyncResource } from "node:async_hooks";
import type { Guard } from "./guard.js";
import type { GuardedClass, Method } from "./guarded-class.js";

/** Record calls while the class holds its records and an owner of it is busy, or an outer record is not over. */
export function recordOrHold(guarded: GuardedClass, original: Method, returnsThis: boolean): Method {
  return function (this: unknown, ...args) {
    const instance = guarded.instanceOf(this);
    const guard = instance === undefined ? undefined : guardFor(guarded, instance);
    const method = guarded.insideRecord ? inItsContext(original) : original;
    if (instance !== undefined && guard?.mustHold && guard.hold(method, instance, args)) {
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

function guardFor(guarded: GuardedClass, instance: object): Guard | undefined {
  return guarded.insideRecord ? guarded.guardOf(instance) : guarded.existingGuardOf(instance);
}

/** What the method reads from an AsyncLocalStorage, such as the active span, is that of the code that made the call. */
function inItsContext(method: Method): Method {
  const context = new AsyncResource("flushguard.held");
  return function (this: unknown, ...args) {
    return context.runInAsyncScope(() => Reflect.apply(method, this, args));
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
