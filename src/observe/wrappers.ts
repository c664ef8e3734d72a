import type { Role } from "../guard/calls/wrappers.js";
import type { GuardedClass } from "../guard/owner/guarded-class.js";
import type { Method } from "../methods/method.js";
import { strategyOf } from "../target.js";
import { attempt } from "./attempt.js";
import { ObservedFlight } from "./flight.js";
import { ObservedCall } from "./observed-call.js";
import { ObservedClass } from "./observed-class.js";
import { saw } from "./seen.js";

const classes = new WeakMap<GuardedClass, ObservedClass>();

function observed(guarded: GuardedClass): ObservedClass {
  const known = classes.get(guarded) ?? new ObservedClass(guarded);
  classes.set(guarded, known);
  return known;
}

/**
 * A method that does what the original does and counts what that loses, repeats or strands.
 * @returns undefined where there is nothing to count
 */
export function observerFor(guarded: GuardedClass, role: Role, original: Method): Method | undefined {
  const Class = observed(guarded);
  if (role === "record") return record(Class, original);
  if (role === "abort") return abort(Class, original);
  if (role === "use") return undefined;
  if (strategyOf(guarded.roles) === "on the stack")
    return role === "flush" ? synchronousFlush(Class, original) : undefined;
  const call = new ObservedCall(Class, role, original);
  return {
    method(this: unknown, ...args: unknown[]) {
      return call.make(this, args);
    },
  }.method;
}

function record(Class: ObservedClass, original: Method): Method {
  const { name, roles } = Class.guarded;
  const isOnStack = strategyOf(roles) === "on the stack";
  return {
    record(this: unknown, ...args: unknown[]) {
      const owner = Class.ownerOf(this);
      const isInside = owner?.running === "record" ? roles.callsOut?.record : isOnStack && owner?.isFlushing;
      if (isInside) saw(name, "re-entrancy", 1);
      // One record method that calls another has recorded once.
      if (owner === undefined || owner.running === "record") return Reflect.apply(original, this, args);
      owner.records();
      const outer = owner.running;
      owner.running = "record";
      try {
        return Reflect.apply(original, this, args);
      } finally {
        owner.running = outer;
        if (owner.isWatching) attempt(Class.guarded, () => owner.recorded());
      }
    },
  }.record;
}

function abort(Class: ObservedClass, original: Method): Method {
  return {
    method(this: unknown, ...args: unknown[]) {
      const result: unknown = Reflect.apply(original, this, args);
      const owner = Class.ownerOf(this);
      for (const flight of owner?.flights ?? []) flight.abandoned();
      return result;
    },
  }.method;
}

/** A flush that is over when it returns: only code that it calls can overlap it. */
function synchronousFlush(Class: ObservedClass, original: Method): Method {
  const running = new ObservedFlight([]);
  return {
    method(this: unknown, ...args: unknown[]) {
      const owner = Class.ownerOf(this);
      if (owner === undefined) return Reflect.apply(original, this, args);
      if (owner.isFlushing) saw(Class.guarded.name, "re-entrancy", 1);
      return owner.run(running, () => Reflect.apply(original, this, args));
    },
  }.method;
}
