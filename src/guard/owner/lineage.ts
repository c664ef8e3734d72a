/** Something for each of some prototypes and objects, found from whatever inherits from them. */
export class Lineage<Value> {
  readonly #values = new WeakMap<object, Value>();

  add(holder: object, value: Value): void {
    this.#values.set(holder, value);
  }

  /** @returns that of the object itself */
  at(holder: object): Value | undefined {
    return this.#values.get(holder);
  }

  /** @returns those of the object itself and of its prototypes */
  of(object: object): Value[] {
    const found: Value[] = [];
    for (let holder: object | null = object; holder !== null; holder = Object.getPrototypeOf(holder) as object | null) {
      const value = this.#values.get(holder);
      if (value !== undefined) found.push(value);
    }
    return found;
  }
}
