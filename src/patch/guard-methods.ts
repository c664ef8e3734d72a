import type { Role } from "../guard/calls/wrappers.js";
import type { Engine } from "../guard/engine.js";
import type { GuardedClass } from "../guard/owner/guarded-class.js";
import type { Method } from "../methods/method.js";
import { fixed, isFixed, unfixed } from "../methods/own-methods.js";
import { obstacle, type Restore, wrapMethod } from "../methods/wrap-method.js";
import { reasonOf } from "../reason-of.js";
import type { Roles } from "../target.js";
import { isMarked, mark, unmark } from "./mark.js";
import { misfits } from "./misfits.js";

/** All methods that have a role. */
export function methodsOf(roles: Roles): string[] {
  return byRole(roles).flatMap(([, names]) => names);
}

/** The methods of each role. Those that abort a send are named with what it is handed to. */
function byRole(roles: Roles): [Role, readonly string[]][] {
  const { record = [], flush = [], send = [], close = [], use = [], ends } = roles;
  return [
    ["record", record],
    ["flush", flush],
    ["send", send],
    ["close", close],
    ["use", use],
    ["abort", ends?.abortedBy ?? []],
  ];
}

/** Methods of one object that are guarded. */
export interface Guarded {
  /** A line for each role that is declared and is not there, or does not fit. */
  notes: readonly string[];
  /** Puts the originals back. A wrapper that somebody else has wrapped since stays where it is. */
  restore(): void;
  /** Undoes `restore`. */
  guardAgain(): void;
}

export const ALREADY = "it is guarded already";

/** What became of an attempt to guard the methods of one object. */
export type Guarding = Guarded | { refused: string };

/**
 * Wraps the methods that have a role, on the prototype or instance that has them: all of them or none.
 * Every flush must be there, or send where there is none, or record; another that is not is noted.
 */
export function guardMethods(guarded: GuardedClass, holder: object, engine: Engine): Guarding {
  const present = presentIn(holder, guarded.roles);
  if ("refused" in present) return present;
  const { roles, problems } = present;
  const notes = [...problems, ...misfits(guarded.roles, holder)];
  const methods = holder as Record<string, Method>;
  if (isMarked(holder) || [...roles.keys()].some((name) => isMarked(methods[name] as Method))) {
    return { refused: ALREADY };
  }
  const restores = new Map<string, Restore>();
  const guardAgain = (): void => {
    for (const [name, role] of roles) {
      if (restores.has(name)) continue;
      const restore = wrapMethod(holder, name, (original) => {
        const keepsThis = isFixed(holder, name);
        const wrapper = engine.wrapperFor(guarded, role, keepsThis ? unfixed(holder, name) : original, name, holder);
        return wrapper && marked(keepsThis ? fixed(holder, wrapper) : wrapper);
      });
      if (restore !== undefined) restores.set(name, restore);
    }
    mark(holder);
  };
  const restore = (): void => {
    for (const [name, undo] of restores) if (undo()) restores.delete(name);
    unmark(holder);
  };
  try {
    guardAgain();
  } catch (error) {
    // A Proxy may refuse what the object behind it would take.
    restore();
    return { refused: `its methods cannot be replaced: ${reasonOf(error)}` };
  }
  guarded.covers(holder);
  return { notes, restore, guardAgain };
}

/** The methods that an object has, with their roles, and what is wrong with the others. */
function presentIn(
  holder: object,
  roles: Roles,
): { roles: Map<string, Role>; problems: string[] } | { refused: string } {
  const present = new Map<string, Role>();
  const problems: string[] = [];
  // Senders come and go between versions.
  const needed: Role = roles.flush?.length ? "flush" : roles.send?.length ? "send" : "record";
  for (const [role, names] of byRole(roles)) {
    for (const name of names) {
      const problem = obstacle(holder, name);
      if (problem === undefined) present.set(name, role);
      else if (role === needed) return { refused: problem };
      else problems.push(problem);
    }
  }
  return { roles: present, problems };
}

function marked(method: Method): Method {
  mark(method);
  return method;
}
