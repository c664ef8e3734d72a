import { recordsIn } from "../guard/buffers/count.js";
import { clock } from "../guard/owner/clock.js";
import type { GuardedClass } from "../guard/owner/guarded-class.js";
import { ownerOf } from "../methods/owner.js";
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
    return rules.reduce<number | undefined>((total, [field, rule]) => {
      const records = recordsIn(rule, owner[field]);
      return total === undefined || records === undefined ? undefined : total + records;
    }, 0);
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
  const told = await clock.holding(false, () => flush(roles, instance));
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
async function flush(roles: Roles, instance: object): Promise<boolean> {
  const methods = instance as Record<string, (...args: unknown[]) => unknown>;
  const [method = ""] = sendersOf(roles);
  const position = roles.ends?.callback;
  if (position === undefined) return isTold(methods[method]?.());
  const args: unknown[] = Array.from({ length: position });
  return new Promise((resolve, reject) => {
    methods[method]?.(...args, (error: unknown) => {
      if (error instanceof Error) reject(error);
      else resolve(true);
    });
  });
}

async function isTold(result: unknown): Promise<boolean> {
  const told = isThenable(result);
  await result;
  return told;
}
