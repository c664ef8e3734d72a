import type { Exemplar } from "../family.js";
import type { LabelText } from "./label-text.js";
import type { StoredFamily } from "./stored-family.js";

/** What keeps the numbers of series. */
export interface Keeper {
  isCleared(series: Series): boolean;
  read(series: Series, slot: number): number;
  write(series: Series, slot: number, value: number): void;
  writeExemplar(series: Series, index: number, exemplar: Exemplar | undefined): void;
  clear(series: Series): void;
}

/** One label set of a metric in a store: numbers that are written to the file together with others. */
export class Series {
  /** Position of the first slot; -1 while it has no place in the file. */
  at = -1;
  dirty = false;
  readonly #keeper: Keeper;

  constructor(
    keeper: Keeper,
    readonly family: StoredFamily,
    readonly labels: LabelText,
    readonly slots: number,
    readonly exemplars: number,
  ) {
    this.#keeper = keeper;
  }

  /** Whether it was taken out, or never set. */
  get isCleared(): boolean {
    return this.#keeper.isCleared(this);
  }

  get(slot = 0): number {
    return this.#keeper.read(this, slot);
  }

  set(value: number, slot = 0): void {
    this.#keeper.write(this, slot, value);
  }

  add(value: number, slot = 0): void {
    this.#keeper.write(this, slot, this.#keeper.read(this, slot) + value);
  }

  /**
   * @param exemplar undefined: it has none
   * @param index 0 for a counter, that of the bucket for a histogram
   */
  exemplify(exemplar: Exemplar | undefined, index: number): void {
    this.#keeper.writeExemplar(this, index, exemplar);
  }

  /** Takes it out of the merged view, until it is set again. */
  clear(): void {
    this.#keeper.clear(this);
  }
}
