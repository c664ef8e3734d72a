import { isPromise, quiet } from "../../methods/promises.js";
import type { Guard } from "../owner/guard.js";
import type { GuardedClass } from "../owner/guarded-class.js";
import { itemsOf } from "./shapes.js";

/** Promises that are looked after. */
const quieted = new WeakSet<object>();

/**
 * Looks after the promises that the buffers of an instance are full of, as a flush or close does that reads them: one that has to
 * wait for its turn would come when some have been rejected.
 */
export function quietPending(guarded: GuardedClass, guard: Guard, instance: object): void {
  const look = (): void => {
    const owner = guarded.ownerOf(instance);
    for (const field of guarded.bufferFields.all) quietIn(Object.getOwnPropertyDescriptor(owner, field)?.value);
  };
  look();
  guard.protection?.aside?.during(look);
}

function quietIn(buffer: unknown): void {
  for (const item of itemsOf(buffer)) {
    if (!isPromise(item)) return;
    if (quieted.has(item)) continue;
    quieted.add(item);
    void quiet(item);
  }
}
