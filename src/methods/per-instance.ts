import { WeakObjects } from "./weak-objects.js";

/** A value for each of some objects, none of which it keeps from being collected. */
export class PerInstance<Value> {
  readonly #values = new WeakMap<object, Value>();
  readonly #instances = new WeakObjects();

  get(instance: object): Value | undefined {
    return this.#values.get(instance);
  }

  set(instance: object, value: Value): void {
    if (!this.#values.has(instance)) this.#instances.add(instance);
    this.#values.set(instance, value);
  }

  delete(instance: object): void {
    this.#values.delete(instance);
  }

  /** The objects that are still there, with their values. */
  entries(): [object, Value][] {
    return this.#instances.all().flatMap((instance): [object, Value][] => {
      const value = this.#values.get(instance);
      return value === undefined ? [] : [[instance, value]];
    });
  }
}
