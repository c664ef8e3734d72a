/** Objects that can be gone through, none of which it keeps from being collected. */
export class WeakObjects {
  readonly #references = new Set<WeakRef<object>>();
  readonly #collected = new FinalizationRegistry<WeakRef<object>>((reference) => this.#references.delete(reference));

  /** @param object one that is not among them */
  add(object: object): void {
    const reference = new WeakRef(object);
    this.#references.add(reference);
    this.#collected.register(object, reference);
  }

  /** Those that are still there. */
  all(): object[] {
    return [...this.#references].flatMap((reference) => reference.deref() ?? []);
  }
}
