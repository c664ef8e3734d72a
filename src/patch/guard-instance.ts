import type { GuardedClass } from "../guard/guarded-class.js";
import { type Guarded, type Guarding, guardMethods } from "./guard-methods.js";

/** Instances whose own methods are wrapped, and how to undo it; nothing here keeps an instance from being collected. */
export class GuardedInstances {
  readonly #guarded = new WeakMap<object, Guarded>();
  readonly #instances = new Set<WeakRef<object>>();
  readonly #collected = new FinalizationRegistry<WeakRef<object>>((instance) => this.#instances.delete(instance));

  guard(guarded: GuardedClass, instance: object): Guarding {
    const guarding = guardMethods(guarded, instance);
    if ("refused" in guarding) return guarding;
    const reference = new WeakRef(instance);
    this.#instances.add(reference);
    this.#guarded.set(instance, guarding);
    this.#collected.register(instance, reference);
    return guarding;
  }

  forget(instance: object): void {
    this.#guarded.delete(instance);
  }

  restoreAll(): void {
    for (const guarded of this.#all()) guarded.restore();
  }

  /** Undoes `restoreAll`. */
  guardAgain(): void {
    for (const guarded of this.#all()) guarded.guardAgain();
  }

  #all(): Guarded[] {
    return [...this.#instances].flatMap((reference) => {
      const instance = reference.deref();
      return (instance && this.#guarded.get(instance)) ?? [];
    });
  }
}
