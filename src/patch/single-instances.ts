import { isDeepStrictEqual } from "node:util";
import type { Limits } from "../guard/owner/guard.js";
import { GuardedClass } from "../guard/owner/guarded-class.js";
import type { Roles } from "../target.js";

/** What instances share that are guarded one by one: as many as there are kinds of them, not as there are instances. */
export class SingleInstances {
  readonly #classes = new WeakMap<object, GuardedClass[]>();

  classFor(instance: object, roles: Roles, limits: Limits): GuardedClass {
    const kind: object = Object.getPrototypeOf(instance) ?? Object.prototype;
    const classes = this.#classes.get(kind) ?? [];
    const known = classes.find((guarded) => guarded.enabled && isDeepStrictEqual(guarded.roles, roles));
    if (known !== undefined) return known;
    const guarded = new GuardedClass(nameOf(instance), roles, limits, true);
    this.#classes.set(kind, [...classes, guarded]);
    return guarded;
  }
}

function nameOf(instance: object): string {
  // A class whose methods are static ones.
  if (typeof instance === "function") return instance.name;
  return instance.constructor?.name ?? "object";
}
