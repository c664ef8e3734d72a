import { PerInstance } from "../../methods/per-instance.js";
import type { Replace } from "../../target.js";

type Fields = Record<string, unknown>;

interface Replacement {
  made: unknown;
  original: PropertyDescriptor | undefined;
}

/** Properties of instances that a target has replaced, and what was there. */
export class Replacements {
  readonly #all = new PerInstance<Map<string, Replacement>>();

  /** Replaces a property once, until `undo`. */
  readonly replace: Replace = <Value>(object: object, name: string, make: (original: () => Value) => unknown): void => {
    const replaced = this.#all.get(object) ?? new Map<string, Replacement>();
    if (replaced.has(name)) return;
    const original = Object.getOwnPropertyDescriptor(object, name);
    const own = (object as Record<string, Value>)[name] as Value;
    // What is inherited may be replaced there at any time, as by a mock of the class.
    const late = (): Value => Reflect.get(Object.getPrototypeOf(object), name, object);
    const made = make(original === undefined ? late : () => own);
    if (original === undefined) {
      // Unguarded it would not be among the object's own.
      Object.defineProperty(object, name, { value: made, writable: true, configurable: true });
    } else {
      (object as Fields)[name] = made;
    }
    replaced.set(name, { made, original });
    this.#all.set(object, replaced);
  };

  /** Puts back what was there, unless somebody else has replaced it since. */
  undo(): void {
    for (const [object, replaced] of this.#all.entries()) {
      for (const [name, { made, original }] of replaced) {
        if ((object as Fields)[name] !== made) continue;
        if (original === undefined) delete (object as Fields)[name];
        else Object.defineProperty(object, name, original);
      }
      this.#all.delete(object);
    }
  }
}
