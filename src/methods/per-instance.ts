/** A value for each of some objects, none of which it keeps from being collected. */
export class PerInstance<Value> {
  readonly #values = new WeakMap<object, Value>();
  readonly #instances = new Set<WeakRef<object>>();
  readonly #collected = new FinalizationRegistry<WeakRef<object>>((instance) => this.#instances.delete(instance));

  get(instance: object): Value | undefined {
    return this.#values.get(instance);
  }

  set(instance: object, value: Value): void {
    if (!this.#values.has(instance)) {
      const reference = new WeakRef(instance);
      this.#instances.add(reference);
      this.#collected.register(instance, reference);
    }
    this.#values.set(instance, value);
  }

  delete(instance: object): void {
    this.#values.delete(instance);
  }

  /** The objects that are still there, with their values. */
  entries(): [object, Value][] {
    return [...this.#instances].flatMap((reference): [object, Value][] => {
      const instance = reference.deref();
      const value = instance && this.#values.get(instance);
      return instance === undefined || value === undefined ? [] : [[instance, value]];
    });
  }
}
