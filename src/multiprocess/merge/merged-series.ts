import type { Exemplar } from "../family.js";
import { inOrder, type LabelText } from "../store/label-text.js";
import { Totals } from "./total.js";

/** A series of the merged view, as of the last scrape. */
export interface MergedSeries {
  labels: string;
  order: LabelText["order"];
  /** Its sums, and what they have of digits beyond. */
  high: Float64Array;
  low: Float64Array;
  exemplars: readonly (Exemplar | undefined)[];
}

/**
 * The series of one metric of the merged view, in columns: an object for each would be most of what a reader keeps. They are
 * kept from one scrape to the next, to be found by number.
 */
export class SeriesColumns {
  readonly totals = new Totals(0);
  /** Files that have added to each in its last scrape. */
  parts = new Int32Array(0);
  /** The scrape that each was last added to in. */
  scrapes = new Int32Array(0);
  readonly #labels: string[] = [];
  /** The order that the youngest process has the labels of each in. */
  readonly #orders: LabelText["order"][] = [];
  readonly #shown: (string | undefined)[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #exemplars = new Map<number, (Exemplar | undefined)[]>();
  #width: number;

  /** @param width values of each */
  constructor(width: number) {
    this.#width = width;
  }

  get length(): number {
    return this.#labels.length;
  }

  get width(): number {
    return this.#width;
  }

  /** Forgets the sums where that is another width. Each series is yet to begin in this scrape. */
  widen(width: number): void {
    if (width === this.#width) return;
    this.#width = width;
    this.totals.resize(this.parts.length * width, false);
  }

  /**
   * @param likely the number that it likely has
   * @returns the number of the series with these labels
   */
  numberOf(text: string, order: LabelText["order"], likely: number): number {
    let number = this.#labels[likely] === text ? likely : this.#numbers.get(text);
    if (number === undefined) {
      number = this.#labels.push(text) - 1;
      this.#numbers.set(text, number);
      this.#orders.push(order);
      this.#shown.push(undefined);
      if (number === this.parts.length) this.#grow();
    } else if (this.#orders[number] !== order) {
      this.#orders[number] = order;
      this.#shown[number] = undefined;
    }
    return number;
  }

  /** Makes room in a series for one more part of this scrape. */
  begin(number: number, scrape: number): void {
    if (this.scrapes[number] !== scrape) {
      this.scrapes[number] = scrape;
      this.parts[number] = 0;
      if (this.#exemplars.size > 0) this.#exemplars.delete(number);
      this.totals.reset(number * this.#width, (number + 1) * this.#width);
    }
    this.parts[number] = (this.parts[number] as number) + 1;
  }

  /** Keeps the newest. */
  exemplify(number: number, at: number, exemplar: Exemplar | undefined): void {
    if (exemplar === undefined) return;
    const all = this.#exemplars.get(number) ?? [];
    if ((all[at]?.timestamp ?? 0) > (exemplar.timestamp ?? 0)) return;
    all[at] = exemplar;
    this.#exemplars.set(number, all);
  }

  exemplarsOf(number: number): readonly (Exemplar | undefined)[] {
    return this.#exemplars.get(number) ?? [];
  }

  /** The labels by name. */
  textOf(number: number): string {
    return this.#labels[number] as string;
  }

  /** The labels in the order that they are shown in. */
  shownLabels(number: number): string {
    let shown = this.#shown[number];
    if (shown === undefined) {
      shown = inOrder(this.#labels[number] as string, this.#orders[number]);
      this.#shown[number] = shown;
    }
    return shown;
  }

  /** How many were added to in a scrape. */
  count(scrape: number): number {
    let count = 0;
    for (let number = 0; number < this.length; number++) if (this.scrapes[number] === scrape) count++;
    return count;
  }

  /** Those that were. */
  current(scrape: number): MergedSeries[] {
    const series: MergedSeries[] = [];
    for (let number = 0; number < this.length; number++)
      if (this.scrapes[number] === scrape) series.push(this.#at(number));
    return series;
  }

  #at(number: number): MergedSeries {
    const [from, to] = [number * this.#width, (number + 1) * this.#width];
    return {
      labels: this.textOf(number),
      order: this.#orders[number],
      high: this.totals.high.subarray(from, to),
      low: this.totals.low.subarray(from, to),
      exemplars: this.exemplarsOf(number),
    };
  }

  #grow(): void {
    const length = Math.max(16, this.parts.length + (this.parts.length >> 1));
    this.parts = grown(this.parts, length);
    this.scrapes = grown(this.scrapes, length, -1);
    this.totals.resize(length * this.#width, true);
  }
}

function grown(column: Int32Array, length: number, fill = 0): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length).fill(fill, column.length);
  larger.set(column);
  return larger;
}
