import type { Sample, SampleList } from "../family.js";
import type { Meta } from "../meta.js";
import type { Slices } from "../slices.js";
import type { SeriesColumns } from "./merged-series.js";
import { ShownSample } from "./shown-sample.js";

/** Series after which copying may be left off. */
const PER_SLICE = 1024;

/**
 * What a metric shows as of one scrape. Its values are copied, as the next scrape adds up anew; its samples are made one by
 * one, when they are asked for: an object for each would be most of what a scrape needs.
 */
export class Samples implements SampleList {
  readonly #meta: Meta;
  readonly #bounds: readonly number[];
  /** For each bucket the label that says its bound. */
  readonly #les: readonly string[];
  readonly #series: SeriesColumns;
  readonly #width: number;
  readonly #scrape: number;
  readonly #numbers: Int32Array;
  readonly #orders: Int32Array;
  readonly #values: Float64Array;
  readonly #exemplars = new Map<number, ReturnType<SeriesColumns["exemplarsOf"]>>();
  #length = 0;

  /** @param bounds of a histogram's buckets */
  constructor(meta: Meta, bounds: readonly number[], series: SeriesColumns, scrape: number) {
    this.#meta = meta;
    this.#bounds = bounds;
    this.#les = [...bounds, "+Inf"].map((bound) => `le="${bound}"`);
    this.#series = series;
    this.#width = series.width;
    this.#scrape = scrape;
    const length = series.count(scrape);
    this.#numbers = new Int32Array(length);
    this.#orders = new Int32Array(length);
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
      if (!series.has(number, this.#scrape)) continue;
      const at = this.#length * width;
      for (let slot = 0; slot < width; slot++) values[at + slot] = high[number * width + slot] as number;
      if (this.#meta.mode === "average")
        for (let slot = 0; slot < width; slot++)
          values[at + slot] = (values[at + slot] as number) / (series.parts[number] as number);
      const exemplars = series.exemplarsOf(number);
      if (exemplars.length > 0) this.#exemplars.set(this.#length, [...exemplars]);
      this.#orders[this.#length] = series.orders[number] as number;
      this.#numbers[this.#length++] = number;
    }
  }

  *[Symbol.iterator](): Generator<Sample> {
    for (const { name, labels, value, exemplar } of this.inPlace())
      yield exemplar === undefined ? { name, labels, value } : { name, labels, value, exemplar };
  }

  *inPlace(): Generator<ShownSample> {
    const { name, type } = this.#meta;
    const sample = new ShownSample(this.#series);
    const [sum, count] = [`${name}_sum`, `${name}_count`];
    for (let i = 0; i < this.#length; i++) {
      const first = i * this.#width;
      sample.number = this.#numbers[i] as number;
      sample.order = this.#orders[i] as number;
      sample.name = name;
      sample.exemplar = type === "summary" ? undefined : this.#exemplars.get(i)?.[0];
      sample.value = this.#values[first] as number;
      if (type === "histogram") yield* this.#buckets(i, sample, sum, count);
      else if (type === "summary") {
        sample.name = sum;
        yield sample;
        sample.name = count;
        sample.value = this.#values[first + 1] as number;
        yield sample;
      } else yield sample;
    }
  }

  /** The count is that of the last bucket: a scrape never sees an observation in one and not in the other. */
  *#buckets(i: number, sample: ShownSample, sum: string, count: string): Generator<ShownSample> {
    const [values, { length }] = [this.#values, this.#bounds];
    const first = i * this.#width;
    const exemplars = this.#exemplars.get(i) ?? [];
    const isCumulative = this.#meta.mode !== undefined;
    let below = 0;
    sample.name = `${this.#meta.name}_bucket`;
    for (let bucket = 0; bucket <= length; bucket++) {
      below = (isCumulative ? 0 : below) + (values[first + bucket] as number);
      sample.le = this.#les[bucket] as string;
      sample.exemplar = exemplars[bucket];
      sample.value = below;
      yield sample;
    }
    sample.le = "";
    sample.exemplar = undefined;
    sample.name = sum;
    sample.value = values[first + length + 1] as number;
    yield sample;
    sample.name = count;
    sample.value = below;
    yield sample;
  }
}
