import type { GuardedClass } from "../guard/owner/guarded-class.js";
import { ownerOf } from "../methods/owner.js";
import { ObservedOwner } from "./observed-owner.js";

/** What the observers of one class share. */
export class ObservedClass {
  readonly #owners = new WeakMap<object, ObservedOwner>();

  constructor(readonly guarded: GuardedClass) {}

  /** The lock owner of the instance that a method was called on; undefined where there is nothing to observe. */
  ownerOf(receiver: unknown): ObservedOwner | undefined {
    const instance = this.guarded.instanceOf(receiver);
    if (instance === undefined) return undefined;
    const owner = ownerOf(instance, this.guarded.path);
    let observed = this.#owners.get(owner);
    if (observed === undefined) {
      observed = new ObservedOwner(this.guarded, owner);
      this.#owners.set(owner, observed);
    }
    return observed;
  }
}
