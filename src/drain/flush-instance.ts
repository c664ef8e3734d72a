import { recordsInAll } from "../guard/buffers/count.js";
import { clock } from "../guard/owner/clock.js";
import type { GuardedClass } from "../guard/owner/guarded-class.js";
import { isReference, ownerOf } from "../methods/owner.js";
import { isThenable } from "../methods/promises.js";
import { sendersOf } from "../methods/senders.js";
import type { Roles } from "../target.js";
import { setImmediate } from "../timers.js";

/** How a flush ended that did not fail: with nothing to send, or with what there was; or so soon that it was either. */
export type Flushed = "empty" | "flushed" | "at once";

/**
 * How many records an instance still has in its buffers.
 * @returns undefined where the target does not tell
 */
export function pendingIn({ path, rules }: GuardedClass, instance: object): number | undefined {
  try {
    if (rules.length === 0) return undefined;
    const owner = ownerOf(instance, path) as Record<string, unknown>;
    return recordsInAll(rules.map(([field, rule]) => [rule, owner[field]]));
  } catch {
    return undefined;
  }
}

/**
 * Flushes one instance through its guarded method, which waits for what is in flight too, and here for what was given up as well:
 * a drain has a limit of its own.
 * @returns rejects as the flush does
 */
export async function flushInstance(guarded: GuardedClass, instance: object): Promise<Flushed> {
  const before = pendingIn(guarded, instance);
  let turned = false;
  const turn = new Promise<void>((resolve) => {
    setImmediate(() => {
      turned = true;
      resolve();
    });
  });
  const { roles } = guarded;
  const told = await clock.holding(false, () => flush(guarded, instance));
  // Only now: what was on its way may have been refused meanwhile.
  await clock.holding(false, () => sendLeft(roles, instance));
  // Whoever waits for an answer needs a turn of the loop for it.
  const waited = turned;
  // What tells nothing has at least been handed to its socket by then.
  if (!told) await turn;
  const overdue = guarded.existingGuardOf(instance)?.flights.overdue();
  if (overdue !== undefined) {
    await overdue;
    // Many a client does nothing in a flush during another.
    return flushInstance(guarded, instance);
  }
  if (waited) return "flushed";
  if (before === undefined) return told ? "at once" : "flushed";
  return before === 0 ? "empty" : "flushed";
}

/** Sends what a flush leaves and a close would lose: batches that wait to be tried again, say. */
async function sendLeft({ beforeClose }: Roles, instance: object): Promise<void> {
  await beforeClose?.(instance as never);
}

/** @returns whether the flush itself has told that it is over */
async function flush(guarded: GuardedClass, instance: object): Promise<boolean> {
  const { roles } = guarded;
  const methods = instance as Record<string, (...args: unknown[]) => unknown>;
  const name = askedIn(roles);
  const method = methods[name];
  const position = roles.ends?.callback;
  if (!canBeAsked(roles, instance, name)) return rest(guarded, instance);
  if (position === undefined) return isTold(method?.call(instance));
  const args: unknown[] = Array.from({ length: position });
  return new Promise((resolve, reject) => {
    method?.call(instance, ...args, (error: unknown) => {
      if (error instanceof Error) reject(error);
      else resolve(true);
    });
  });
}

/** The method to call: a flush that nothing may wait for is declared as a close, and ends nothing. */
function askedIn(roles: Roles): string {
  const { flush = [], close = [] } = roles;
  const [name = ""] = [...flush, ...close.filter((method) => method === "flush"), ...sendersOf(roles)];
  return name;
}

/** Whether a method sends what there is: one that is given what to send would send nothing, or a thing that nobody recorded. */
function canBeAsked({ flush, final, ends }: Roles, instance: object, method: string): boolean {
  const isFlush = flush !== undefined && typeof final !== "function";
  return isFlush || parametersOf(instance, method) <= (ends?.callback ?? -1) + 1;
}

/** How many parameters a method has, also where the client has put one of its own, which may have fewer, in its place. */
function parametersOf(object: object, method: string): number {
  const { length = 0 } = (Reflect.get(object, method) ?? {}) as { length?: number };
  const prototype: unknown = Object.getPrototypeOf(object);
  return isReference(prototype) ? Math.max(length, parametersOf(prototype, method)) : length;
}

/** Waits for what is on its way, of a client that has no flush to call. */
async function rest(guarded: GuardedClass, instance: object): Promise<boolean> {
  const { final } = guarded.roles;
  // That of one with a flush only begins to send.
  if (guarded.roles.flush !== undefined && typeof final === "function") await final(instance as never);
  const flights = guarded.existingGuardOf(instance)?.flights;
  await flights?.over(flights.begun);
  return true;
}

async function isTold(result: unknown): Promise<boolean> {
  const told = isThenable(result);
  await result;
  return told;
}
