import type { GuardedClass } from "../guard/guarded-class.js";
import { type Guarding, guardMethods } from "./guard-methods.js";
import type { Restore } from "./wrap-method.js";

/** Instances whose own methods are wrapped, and how to undo it; neither keeps an instance from being collected. */
export class GuardedInstances {
  readonly #restores = new WeakMap<object, Restore>();
  readonly #instances = new Set<WeakRef<object>>();
  readonly #collected = new FinalizationRegistry<WeakRef<object>>((instance) => this.#instances.delete(instance));

  /** Guards an instance: through its prototype, or itself where its methods are its own properties, as bound ones are. */
  guard(guarded: GuardedClass, instance: object): Guarding {
    const methods = [...(guarded.roles.flush ?? []), ...(guarded.roles.send ?? [])];
    if (!methods.some((name) => Object.hasOwn(instance, name))) {
      return guardMethods(guarded, Object.getPrototypeOf(instance) as object);
    }
    const guarding = guardMethods(guarded, instance);
    if ("refused" in guarding) return guarding;
    const reference = new WeakRef(instance);
    this.#instances.add(reference);
    this.#restores.set(instance, guarding.restore);
    this.#collected.register(instance, reference);
    return { notes: guarding.notes, restore: () => this.#restore(reference) };
  }

  restoreAll(): void {
    for (const reference of [...this.#instances]) this.#restore(reference);
  }

  #restore(reference: WeakRef<object>): void {
    const instance = reference.deref();
    this.#instances.delete(reference);
    if (instance !== undefined) this.#restores.get(instance)?.();
  }
}
