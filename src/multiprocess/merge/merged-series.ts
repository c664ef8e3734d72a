import type { Exemplar, TextSink } from "../family.js";
import { inOrder, type LabelText } from "../store/label-text.js";
import { writeArranged } from "./arrange.js";
import { column } from "./column.js";
import { TextTable } from "./text-table.js";
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

const NONE: readonly undefined[] = [];

/**
 * The series of one metric of the merged view, in columns: an object for each would be most of what a reader keeps. They are
 * kept from one scrape to the next, to be found by number.
 */
export class SeriesColumns {
  readonly totals = new Totals(0);
  /** Files that have added to each in the last scrape that has seen it. */
  parts: Int32Array = column(Int32Array, 0);
  /** The last scrape that has seen each in a file. */
  scrapes: Int32Array = column(Int32Array, 0);
  /** The order that the last of these files has the labels in. */
  orders: Int32Array = column(Int32Array, 0);
  /** Labels by name: their numbers are those of the series. */
  readonly #labels = new TextTable();
  /** All orders that there are. */
  readonly #orders: TextTable;
  readonly #exemplars = new Map<number, (Exemplar | undefined)[]>();
  #width: number;

  /** @param width values of each */
  constructor(width: number, orders: TextTable) {
    this.#width = width;
    this.#orders = orders;
  }

  get length(): number {
    return this.#labels.length;
  }

  get width(): number {
    return this.#width;
  }

  /** Forgets the sums where that is another width. Each series is yet to begin in this scrape. */
  widen(width: number): void {
    if (width !== this.#width) this.totals.resize(this.parts.length * width, false);
    this.#width = width;
  }

  /**
   * The number of the series with these labels.
   * @param bytes has them, by name, from `from` to `to`
   * @param likely the number that it likely has
   */
  numberOf(bytes: Uint8Array, from: number, to: number, likely?: number): number {
    const number = this.#labels.numberOf(bytes, from, to, likely);
    if (number === this.parts.length) this.#grow();
    return number;
  }

  /** A file has it in this scrape, whether or not that is added. */
  see(number: number, scrape: number): void {
    if (this.scrapes[number] === scrape) return;
    this.scrapes[number] = scrape;
    this.parts[number] = 0;
    if (this.#exemplars.size > 0) this.#exemplars.delete(number);
    this.totals.reset(number * this.#width, (number + 1) * this.#width);
  }

  /** Makes room in a series that was seen for one more part. */
  begin(number: number, order: number): void {
    this.parts[number] = (this.parts[number] as number) + 1;
    this.orders[number] = order;
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
    return this.#exemplars.get(number) ?? NONE;
  }

  /** The labels in an order. */
  labelsOf(number: number, order: number): string {
    return inOrder(this.#labels.textOf(number), this.#orderOf(order));
  }

  /** Whether it has no labels. */
  isBare(number: number): boolean {
    return this.#labels.startOf(number) === this.#labels.endOf(number);
  }

  writeLabels(number: number, order: number, into: TextSink): void {
    const { bytes } = this.#labels;
    const [from, to] = [this.#labels.startOf(number), this.#labels.endOf(number)];
    if (order === 0) into.putBytes(bytes, from, to);
    else writeArranged(bytes, from, to, this.#orders, order, into);
  }

  #orderOf(order: number): LabelText["order"] {
    return order === 0 ? undefined : this.#orders.bytesOf(order);
  }

  /** Whether it was added to in a scrape. */
  has(number: number, scrape: number): boolean {
    return this.scrapes[number] === scrape && this.parts[number] !== 0;
  }

  /** How many were. */
  count(scrape: number): number {
    let count = 0;
    for (let number = 0; number < this.length; number++) if (this.has(number, scrape)) count++;
    return count;
  }

  /** How many any file had. */
  seen(scrape: number): number {
    let seen = 0;
    for (let number = 0; number < this.length; number++) if (this.scrapes[number] === scrape) seen++;
    return seen;
  }

  /** Those that were, one after another: all of them at once would be most of what a fold needs. */
  *current(scrape: number): Generator<MergedSeries> {
    for (let number = 0; number < this.length; number++) if (this.has(number, scrape)) yield this.#at(number);
  }

  #at(number: number): MergedSeries {
    const [from, to] = [number * this.#width, (number + 1) * this.#width];
    return {
      labels: this.#labels.textOf(number),
      order: this.#orderOf(this.orders[number] as number),
      high: this.totals.high.subarray(from, to),
      low: this.totals.low.subarray(from, to),
      exemplars: this.exemplarsOf(number),
    };
  }

  #grow(): void {
    const length = Math.max(16, this.parts.length + (this.parts.length >> 1));
    this.parts = grown(this.parts, length);
    this.scrapes = grown(this.scrapes, length, -1);
    this.orders = grown(this.orders, length);
    this.totals.resize(length * this.#width, true);
  }
}

function grown(before: Int32Array, length: number, fill = 0): Int32Array {
  const larger = column(Int32Array, length).fill(fill, before.length);
  larger.set(before);
  return larger;
}
