import type { Method } from "../../methods/method.js";
import { inFlight } from "../later.js";
import type { GuardedClass } from "../owner/guarded-class.js";
import { LEARNT_CALLS, RecordCall } from "./record.js";

export type Role = "record" | "flush" | "send" | "close" | "abort" | "use";

/** A call of a guarded method on an instance, made on that instance or on a view of it. */
interface GuardedCall {
  call(instance: object, receiver: object, args: readonly unknown[]): unknown;
}

/**
 * The guarded form of a method. Methods written in shorthand cannot be called with `new`, as those of a class.
 * @param method name of the original
 * @param holder the prototype or instance that has it
 * @returns undefined where the method must stay as it is
 */
export function wrapperFor(
  guarded: GuardedClass,
  role: Role,
  original: Method,
  method: string,
  holder: object,
): Method | undefined {
  switch (role) {
    case "record":
      return recordWrapper(guarded, original, method, holder);
    case "flush":
      return wrapper(guarded, original, () => flushOf(guarded, original, method), true);
    case "send":
      return wrapper(
        guarded,
        original,
        () => new (inFlight().TrackedSend)(guarded, original),
        guarded.roles.final !== undefined,
      );
    case "close":
      return wrapper(guarded, original, () => new (inFlight().Close)(guarded, original));
    case "use":
      return undefined;
    case "abort":
      return wrapper(guarded, original, () => ({
        call(instance, receiver, args) {
          const result: unknown = Reflect.apply(original, receiver, args);
          guarded.existingGuardOf(instance)?.abandonCallbacks();
          return result;
        },
      }));
  }
}

function flushOf(guarded: GuardedClass, original: Method, method: string): GuardedCall {
  const { DetachedFlush, ExclusiveFlush, FlushOnTheStack } = inFlight();
  switch (guarded.strategy) {
    case "on the stack":
      return new FlushOnTheStack(guarded, original, method);
    case "detached":
      return new DetachedFlush(guarded, original, method);
    default:
      return new ExclusiveFlush(guarded, original, method);
  }
}

/** @param make called for the first call */
function wrapper(guarded: GuardedClass, original: Method, make: () => GuardedCall, prepares = false): Method {
  let guardedCall: GuardedCall | undefined;
  return {
    method(this: unknown, ...args: unknown[]) {
      const instance = guarded.instanceOf(this);
      if (instance === undefined) return Reflect.apply(original, this, args);
      if (prepares) guarded.prepare(instance);
      guardedCall ??= make();
      return guardedCall.call(instance, this as object, args);
    },
  }.method;
}

function recordWrapper(guarded: GuardedClass, original: Method, method: string, holder: object): Method | undefined {
  const { prepares, roles } = guarded;
  // The flush has its batch before anything else can be recorded, or is given a view of it.
  if (guarded.strategy === "detached" || roles.view === true) return prepares ? prepared(guarded, original) : undefined;
  const record = new RecordCall(guarded, original, method);
  guarded.addRecord(holder, method, record);
  return guardedRecord(guarded, original, record);
}

// The idle path of the two wrappers below, in the form that costs least. `arguments` is only counted and passed on by
// Reflect.apply, in the branch of a flush too: any other use makes an object of it in every call.

function prepared(guarded: GuardedClass, original: Method): Method {
  return {
    record(this: unknown, a?: unknown, b?: unknown, c?: unknown) {
      // biome-ignore-start lint/complexity/noArguments: see above
      guarded.prepare(this);
      const count = arguments.length;
      return count <= FEW ? callWithFew(original, this, count, a, b, c) : Reflect.apply(original, this, arguments);
      // biome-ignore-end lint/complexity/noArguments: see above
    },
  }.record;
}

function guardedRecord(guarded: GuardedClass, original: Method, record: RecordCall): Method {
  const offTheFastPath: Method = function (this: unknown, ...args) {
    return record.call(this, args);
  };
  const recordsCallOut = guarded.roles.callsOut?.record === true;
  const { owners, prepares } = guarded;
  let toLearn = LEARNT_CALLS;
  return {
    record(this: unknown, a?: unknown, b?: unknown, c?: unknown) {
      // biome-ignore-start lint/complexity/noArguments: see above
      if (prepares) guarded.prepare(this);
      if (toLearn > 0 || owners.busy !== 0 || (recordsCallOut && owners.onStack)) {
        toLearn--;
        return Reflect.apply(offTheFastPath, this, arguments);
      }
      owners.enter();
      let returned = false;
      try {
        const count = arguments.length;
        const result =
          count <= FEW ? callWithFew(original, this, count, a, b, c) : Reflect.apply(original, this, arguments);
        returned = true;
        if (result === undefined || (result === this && record.returnsThis)) return result;
        return record.returned(
          this,
          result,
          typeof a === "function" || typeof b === "function" || typeof c === "function",
        );
      } finally {
        if (!returned) record.threw();
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
