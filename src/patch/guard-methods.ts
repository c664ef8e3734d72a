import type { GuardedClass, Method } from "../guard/guarded-class.js";
import { type Role, wrapperFor } from "../guard/wrappers.js";
import type { Roles } from "../target.js";
import { isMarked, mark, unmark } from "./mark.js";
import { obstacle, type Restore, wrapMethod } from "./wrap-method.js";

/** The methods of each role. Those that abort a send are named with its transport. */
function methodsOf(roles: Roles): [Role, readonly string[]][] {
  const { record = [], flush = [], send = [], close = [], transport } = roles;
  return [
    ["record", record],
    ["flush", flush],
    ["send", send],
    ["close", close],
    ["abort", transport?.abortedBy ?? []],
  ];
}

/** What became of an attempt to guard the methods of one object. */
export type Guarding = { restore: Restore; notes: readonly string[] } | { refused: string };

/**
 * Wraps the methods that have a role, on the prototype or instance that has them: all of them or none.
 * Every flush must be there. Of the others one that is not is noted: a sender may be missing from some of the versions
 * of a client, unless it has nothing but senders.
 */
export function guardMethods(guarded: GuardedClass, holder: object): Guarding {
  const notes: string[] = [];
  const wrappers = new Map<string, Method>();
  const needed: readonly Role[] = guarded.roles.flush?.length ? ["flush"] : ["send"];
  for (const [role, names] of methodsOf(guarded.roles)) {
    for (const name of names) {
      const problem = obstacle(holder, name);
      if (problem !== undefined) {
        if (needed.includes(role)) return { refused: problem };
        notes.push(problem);
        continue;
      }
      const original = (holder as Record<string, Method>)[name] as Method;
      if (isMarked(original)) return { refused: "it is guarded already" };
      const wrapper = wrapperFor(guarded, role, original);
      if (wrapper !== undefined) wrappers.set(name, wrapper);
      else if (!guarded.roles.detaches) notes.push(`"${name}" returns a value, so its calls cannot be held`);
    }
  }
  if (isMarked(holder)) return { refused: "it is guarded already" };
  const restores: Restore[] = [];
  for (const [name, wrapper] of wrappers) {
    mark(wrapper);
    restores.push(wrapMethod(holder, name, () => wrapper));
  }
  mark(holder);
  return {
    notes,
    restore() {
      for (const restore of restores.splice(0)) restore();
      unmark(holder);
    },
  };
}
