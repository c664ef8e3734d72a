import type { Sample } from "../family.js";
import type { Meta } from "../meta.js";
import type { Slices } from "../slices.js";
import type { SeriesColumns } from "./merged-series.js";

/** Series after which copying may be left off. */
const PER_SLICE = 4096;

/**
 * What a metric shows as of one scrape. Its values are copied, as the next scrape adds up anew; its samples are made one by
 * one, when they are asked for: an object for each would be most of what a scrape needs.
 */
export class Samples implements Iterable<Sample> {
  readonly #meta: Meta;
  readonly #bounds: readonly number[];
  readonly #series: SeriesColumns;
  readonly #width: number;
  readonly #scrape: number;
  readonly #numbers: Int32Array;
  readonly #values: Float64Array;
  readonly #exemplars = new Map<number, ReturnType<SeriesColumns["exemplarsOf"]>>();
  #length = 0;

  /** @param bounds of a histogram's buckets */
  constructor(meta: Meta, bounds: readonly number[], series: SeriesColumns, scrape: number) {
    this.#meta = meta;
    this.#bounds = bounds;
    this.#series = series;
    this.#width = series.width;
    this.#scrape = scrape;
    const length = series.count(scrape);
    this.#numbers = new Int32Array(length);
    this.#values = new Float64Array(length * series.width);
  }

  /** Series that it has. */
  get length(): number {
    return this.#length;
  }

  *take(): Slices<void> {
    for (let number = 0; number < this.#series.length; number += PER_SLICE) {
      yield;
      this.#takeFrom(number);
    }
  }

  #takeFrom(from: number): void {
    const [series, width, values] = [this.#series, this.#width, this.#values];
    const { high } = series.totals;
    const to = Math.min(from + PER_SLICE, series.length);
    for (let number = from; number < to; number++) {
      if (series.scrapes[number] !== this.#scrape) continue;
      const at = this.#length * width;
      for (let slot = 0; slot < width; slot++) values[at + slot] = high[number * width + slot] as number;
      if (this.#meta.mode === "average") values[at] = (values[at] as number) / (series.parts[number] as number);
      const exemplars = series.exemplarsOf(number);
      if (exemplars.length > 0) this.#exemplars.set(this.#length, [...exemplars]);
      this.#numbers[this.#length++] = number;
    }
  }

  *[Symbol.iterator](): Generator<Sample> {
    const { name, type } = this.#meta;
    for (let i = 0; i < this.#length; i++) {
      const labels = this.#series.shownLabels(this.#numbers[i] as number);
      const first = i * this.#width;
      const value = this.#values[first] as number;
      if (type === "histogram") {
        yield* this.#buckets(i, labels);
      } else if (type === "summary") {
        yield { name: `${name}_sum`, labels, value };
        yield { name: `${name}_count`, labels, value: this.#values[first + 1] as number };
      } else {
        const exemplar = this.#exemplars.get(i)?.[0];
        yield exemplar === undefined ? { name, labels, value } : { name, labels, value, exemplar };
      }
    }
  }

  /** The count is that of the last bucket: a scrape never sees an observation in one and not in the other. */
  *#buckets(i: number, labels: string): Generator<Sample> {
    const [{ name }, bounds, values] = [this.#meta, this.#bounds, this.#values];
    const first = i * this.#width;
    const exemplars = this.#exemplars.get(i) ?? [];
    const rest = labels === "" ? "" : `,${labels}`;
    let count = 0;
    for (let bucket = 0; bucket <= bounds.length; bucket++) {
      count += values[first + bucket] as number;
      const exemplar = exemplars[bucket];
      const le = bucket === bounds.length ? "+Inf" : bounds[bucket];
      const sample = { name: `${name}_bucket`, labels: `le="${le}"${rest}`, value: count };
      yield exemplar === undefined ? sample : { ...sample, exemplar };
    }
    yield { name: `${name}_sum`, labels, value: values[first + bounds.length + 1] as number };
    yield { name: `${name}_count`, labels, value: count };
  }
}
