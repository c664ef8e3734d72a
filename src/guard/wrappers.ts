import { Close } from "./close.js";
import { ExclusiveFlush } from "./exclusive-flush.js";
import type { GuardedClass, Method } from "./guarded-class.js";
import { LockedRecord } from "./locked-record.js";
import { mentions, returnsOf } from "./method-source.js";
import { recordLive, recordOrHold } from "./record.js";
import { sendersOf } from "./senders.js";
import { SynchronousFlush } from "./synchronous.js";
import { Tracked } from "./tracked.js";

export type Role = "record" | "flush" | "send" | "close" | "abort" | "use";

/**
 * The guarded form of a method. Methods written in shorthand cannot be called with `new`, as those of a class.
 * @param method name of the original
 * @returns undefined where the method must stay as it is
 */
export function wrapperFor(guarded: GuardedClass, role: Role, original: Method, method: string): Method | undefined {
  switch (role) {
    case "record":
      return recordWrapper(guarded, original);
    case "flush":
      return flushWrapper(guarded, original, method);
    case "send": {
      const tracked = new Tracked(guarded, original, method);
      return {
        send(this: unknown, ...args: unknown[]) {
          const instance = guarded.instanceOf(this);
          return instance === undefined ? Reflect.apply(original, this, args) : tracked.send(instance, this, args);
        },
      }.send;
    }
    case "abort":
      return forInstance(guarded, original, (instance, args) => {
        const result: unknown = Reflect.apply(original, instance, args);
        guarded.existingGuardOf(instance)?.abandonCallbacks();
        return result;
      });
    case "use":
      return undefined;
    case "close": {
      const close = new Close(guarded, original);
      return forInstance(guarded, original, (instance, args) => close.call(instance, args));
    }
  }
}

function flushWrapper(guarded: GuardedClass, original: Method, method: string): Method {
  const flush = flushOf(guarded, original, method);
  return forInstance(guarded, original, (instance, args) => {
    guarded.prepare(instance);
    return flush(instance, args);
  });
}

function flushOf(
  guarded: GuardedClass,
  original: Method,
  method: string,
): (instance: object, args: readonly unknown[]) => unknown {
  if (guarded.roles.synchronous) {
    const flush = new SynchronousFlush(guarded, original, method);
    return (instance, args) => flush.call(instance, args);
  }
  if (guarded.roles.detaches) {
    const tracked = new Tracked(guarded, original, method);
    return (instance, args) => tracked.flush(instance, args);
  }
  const flush = new ExclusiveFlush(guarded, original, method);
  return (instance, args) => flush.call(instance, args);
}

function recordWrapper(guarded: GuardedClass, original: Method): Method | undefined {
  // The flush has its batch before anything else can be recorded.
  if (guarded.roles.detaches && guarded.roles.prepare === undefined) return undefined;
  if (guarded.rules.length > 0 || guarded.roles.detaches) {
    // The view of a flush sends what is recorded on it to the instance; only a record that flushes must be told apart.
    const plain = guarded.roles.prepare === undefined && !mentions(original, sendersOf(guarded.roles));
    return plain ? undefined : swapped(guarded, original);
  }
  const returns = guarded.roles.returns ?? returnsOf(original);
  if (returns === "value") return undefined;
  if (returns === "promise") {
    const record = new LockedRecord(guarded, original);
    return forInstance(guarded, original, (instance, args) => record.call(instance, args));
  }
  return held(guarded, original, returns === "this");
}

// The idle path of the two wrappers below, in the form that costs least. `arguments` is only counted and passed on by
// Reflect.apply, in the branch of a flush too: any other use makes an object of it in every call.

function swapped(guarded: GuardedClass, original: Method): Method {
  const live = recordLive(guarded, original);
  const prepare = guarded.roles.prepare !== undefined;
  const { owners } = guarded;
  return {
    record(this: unknown, a?: unknown, b?: unknown, c?: unknown) {
      // biome-ignore-start lint/complexity/noArguments: see above
      if (prepare) guarded.prepare(this);
      if (owners.busy !== 0) return Reflect.apply(live, this, arguments);
      const count = arguments.length;
      return count <= FEW ? callWithFew(original, this, count, a, b, c) : Reflect.apply(original, this, arguments);
      // biome-ignore-end lint/complexity/noArguments: see above
    },
  }.record;
}

function held(guarded: GuardedClass, original: Method, returnsThis: boolean): Method {
  const orHold = recordOrHold(guarded, original, returnsThis);
  const { prepare, recordsCallOut = false } = guarded.roles;
  const prepares = prepare !== undefined;
  const { owners } = guarded;
  return {
    record(this: unknown, a?: unknown, b?: unknown, c?: unknown) {
      // biome-ignore-start lint/complexity/noArguments: see above
      if (prepares) guarded.prepare(this);
      if (owners.busy !== 0 || (recordsCallOut && owners.onStack)) return Reflect.apply(orHold, this, arguments);
      owners.enter();
      try {
        const count = arguments.length;
        return count <= FEW ? callWithFew(original, this, count, a, b, c) : Reflect.apply(original, this, arguments);
      } finally {
        owners.leave();
      }
      // biome-ignore-end lint/complexity/noArguments: see above
    },
  }.record;
}

const FEW = 3;

/** V8 inlines a call with its arguments one by one, and not one of Reflect.apply. */
function callWithFew(original: Method, receiver: unknown, count: number, a: unknown, b: unknown, c: unknown): unknown {
  switch (count) {
    case 0:
      return original.call(receiver);
    case 1:
      return original.call(receiver, a);
    case 2:
      return original.call(receiver, a, b);
    default:
      return original.call(receiver, a, b, c);
  }
}

function forInstance(
  guarded: GuardedClass,
  original: Method,
  call: (instance: object, args: readonly unknown[]) => unknown,
): Method {
  return {
    method(this: unknown, ...args: unknown[]) {
      const instance = guarded.instanceOf(this);
      return instance === undefined ? Reflect.apply(original, this, args) : call(instance, args);
    },
  }.method;
}
