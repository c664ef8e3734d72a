import type { Engine } from "../guard/engine.js";
import type { GuardedClass } from "../guard/owner/guarded-class.js";
import { PerInstance } from "../methods/per-instance.js";
import { type Guarded, type Guarding, guardMethods } from "./guard-methods.js";

/** Instances whose own methods are wrapped, and how to undo it. */
export class GuardedInstances {
  readonly #guarded = new PerInstance<Guarded>();

  constructor(private readonly engine: Engine) {}

  guard(guarded: GuardedClass, instance: object): Guarding {
    const guarding = guardMethods(guarded, instance, this.engine);
    if ("restore" in guarding) this.#guarded.set(instance, guarding);
    return guarding;
  }

  forget(instance: object): void {
    this.#guarded.delete(instance);
  }

  restoreAll(): void {
    for (const [, guarded] of this.#guarded.entries()) guarded.restore();
  }

  /** Undoes `restoreAll`. */
  guardAgain(): void {
    for (const [, guarded] of this.#guarded.entries()) guarded.guardAgain();
  }
}
