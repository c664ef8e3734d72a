import { WeakObjects } from "../../methods/weak-objects.js";

/** Gives out an object that is already there, so that a class that extends it adds its private field to that one. */
class Passed {
  constructor(instance: object) {
    // biome-ignore lint/correctness/noConstructorReturn: that is what it is for
    return instance;
  }
}

/** A private field: no app can see it, a frozen object can have it, and it costs a record less than a look into a WeakSet. */
class Stamp extends Passed {
  // oxlint-disable-next-line no-unused-private-class-members -- it is only asked for
  readonly #known = true;

  static isOn(instance: object): boolean {
    return #known in instance;
  }
}

/** The instances of a guarded class that have been used, none of which it keeps from being collected. */
export class KnownInstances {
  readonly #instances = new WeakObjects();
  /** Whether something may have been recorded since this was last set to false. */
  touched = false;

  /** Whether an instance is known, of this class or of another. */
  has(instance: object): boolean {
    return Stamp.isOn(instance);
  }

  /** The known instance that another is derived from by `Object.create`, as child loggers are. */
  originOf(instance: object): object | undefined {
    const prototype = Object.getPrototypeOf(instance) as object | null;
    return prototype !== null && this.has(prototype) ? prototype : undefined;
  }

  /** @returns whether it was not known yet */
  add(instance: object): boolean {
    if (this.has(instance)) return false;
    new Stamp(instance);
    this.#instances.add(instance);
    this.touched = true;
    return true;
  }

  /** Those that are still there, but for the ones that are derived from others. */
  all(): object[] {
    return this.#instances.all().filter((instance) => this.originOf(instance) === undefined);
  }
}
