import { guardEngine } from "../../dist/src/guard/engine.js";
import type { Guard } from "../../dist/src/guard/guard.js";
import { GuardedClass, type Limits } from "../../dist/src/guard/guarded-class.js";
import { setLogLevel } from "../../dist/src/log.js";
import { guardMethods } from "../../dist/src/patch/guard-methods.js";
import type { Roles } from "../../dist/src/target.js";

setLogLevel("silent");

export type Class<T extends object> = new (...args: never[]) => T;

const LIMITS: Limits = { flushTimeoutMs: 10_000, maxHeld: 100_000 };

/** A class of its own that inherits everything, so that guarding it leaves the given one as it is. */
export function copyOf<C extends Class<object>>(Class: C): C {
  return class extends (Class as Class<object>) {} as C;
}

/** Guards a class until `restore()`. */
export function guardClass(Class: Class<object>, roles: Roles, limits: Partial<Limits> = {}) {
  const guarded = new GuardedClass(Class.name, roles, { ...LIMITS, ...limits });
  const guarding = guardMethods(guarded, Class.prototype as object, guardEngine);
  if ("refused" in guarding) throw new Error(guarding.refused);
  return { guarded, counters: guarded.counters, restore: guarding.restore, notes: guarding.notes };
}

/** A guarded class that nobody else has. */
export function guardedCopy<C extends Class<object>>(Class: C, roles: Roles, limits: Partial<Limits> = {}) {
  const Guarded = copyOf(Class);
  return { Client: Guarded, ...guardClass(Guarded, roles, limits) };
}

/** What the process does before it exits: every held call is made. */
export function replayEverything(active: Iterable<Guard>): void {
  const guards = [...active];
  for (const guard of guards) guard.release();
}

export function sorted(ids: readonly number[]): number[] {
  return ids.toSorted((a, b) => a - b);
}

/** The function that a method is now. */
export function methodOf(Class: Class<object>, name: string): unknown {
  return Reflect.get(Class.prototype as object, name);
}
