import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { guardEngine } from "../../dist/src/guard/engine.js";
import type { Guard, Limits } from "../../dist/src/guard/owner/guard.js";
import { GuardedClass } from "../../dist/src/guard/owner/guarded-class.js";
import { setLogLevel } from "../../dist/src/log.js";
import { guardMethods } from "../../dist/src/patch/guard-methods.js";
import type { Roles } from "../../dist/src/target.js";
import type { Counters } from "../../dist/src/telemetry/counters.js";

setLogLevel("silent");

export type Class<T extends object> = new (...args: never[]) => T;

const LIMITS: Limits = { flushTimeoutMs: 10_000, maxHeld: 100_000 };

/** A class of its own that inherits everything, so that guarding it leaves the given one as it is. */
export function copyOf<C extends Class<object>>(Class: C): C {
  return class extends (Class as Class<object>) {} as C;
}

/** Guards a class until `restore()`. */
export function guardClass(Class: Class<object>, roles: Roles, limits: Partial<Limits> = {}, isOwn = false) {
  const guarded = new GuardedClass(Class.name, roles, { ...LIMITS, ...limits }, isOwn);
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

/** Waits until so many flushes have lost their lock. The limit is of loop time, which passes slowly on a busy machine. */
export async function timedOut(counters: Counters, flushes = 1): Promise<void> {
  while (counters.timeouts < flushes) await sleep(1);
}

export function sorted(ids: readonly number[]): number[] {
  return ids.toSorted((a, b) => a - b);
}

/** The function that a method is now. */
export function methodOf(Class: Class<object>, name: string): unknown {
  return Reflect.get(Class.prototype as object, name);
}

/** Records before a flush and during it, and expects both. */
export async function losesNothing(client: {
  sent: number[];
  record(id: number): unknown;
  flush(): Promise<unknown>;
}): Promise<void> {
  client.record(1);
  const flushed = client.flush();
  client.record(2);
  await flushed;
  await client.flush();
  expect(client.sent).toEqual([1, 2]);
}
