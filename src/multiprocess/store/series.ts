import type { Exemplar } from "../family.js";
import type { LabelText } from "./label-text.js";
import type { Store } from "./store.js";
import type { StoredFamily } from "./stored-family.js";

/** One label set of a metric in a store: numbers that are written to the file together with others. */
export class Series {
  /** Position of the first slot; -1 while it has no place in the file. */
  at = -1;
  dirty = false;
  readonly #store: Store;

  constructor(
    store: Store,
    readonly family: StoredFamily,
    readonly labels: LabelText,
    readonly slots: number,
    readonly exemplars: number,
  ) {
    this.#store = store;
  }

  /** Whether it was taken out, or never set. */
  get isCleared(): boolean {
    return this.#store.isCleared(this);
  }

  get(slot = 0): number {
    return this.#store.read(this, slot);
  }

  set(value: number, slot = 0): void {
    this.#store.write(this, slot, value);
  }

  add(value: number, slot = 0): void {
    this.#store.write(this, slot, this.#store.read(this, slot) + value);
  }

  /** @param index 0 for a counter, that of the bucket for a histogram */
  exemplify(exemplar: Exemplar, index: number): void {
    this.#store.writeExemplar(this, index, exemplar);
  }

  /** Takes it out of the merged view, until it is set again. */
  clear(): void {
    this.#store.clear(this);
  }
}
