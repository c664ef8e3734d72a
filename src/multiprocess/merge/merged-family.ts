import type { Family, Sample } from "../family.js";
import { type Meta, slotsOf } from "../meta.js";
import type { Slices } from "../slices.js";
import { SeriesColumns } from "./merged-series.js";

/** Series after which their samples may be left off. */
const PER_SLICE = 256;

/** A metric of the merged view. */
export class MergedFamily {
  readonly series: SeriesColumns;
  /** Bounds of a histogram's buckets: those of all processes, which may run different versions of the program. */
  bounds: readonly number[];
  /** As of the youngest process that has it, whose place among all it is. */
  rank = 0;
  /** The last scrape in which a process that lives had it in a registry, or any file had it. */
  shown = -1;
  /** Processes that had it then. */
  live = 0;
  /** Whether the app has it in none of the registries that it wants in `clusterMetrics()`: as of the youngest, too. */
  apart = false;
  scrape = -1;

  constructor(public meta: Meta) {
    this.bounds = meta.buckets ?? [];
    this.series = new SeriesColumns(slotsOf(meta));
  }

  /**
   * Takes what one more file says of it.
   * @param registered whether its process lives and has it in a registry
   */
  declare(meta: Meta, rank: number, scrape: number, registered: boolean, apart: boolean): void {
    this.scrape = scrape;
    if (registered) {
      this.live = this.shown === scrape ? this.live + 1 : 1;
      this.shown = scrape;
    }
    this.meta = meta;
    this.rank = rank;
    this.apart = apart;
    const { buckets = [] } = meta;
    if (!buckets.every((bound) => this.bounds.includes(bound)))
      this.bounds = [...new Set([...this.bounds, ...buckets])].sort((a, b) => a - b);
    this.series.widen(slotsOf({ ...meta, buckets: this.bounds }));
  }

  /** Where the values of a file that has these buckets belong. */
  positions(buckets: readonly number[]): number[] {
    const { length } = this.bounds;
    return [...buckets.map((bound) => this.bounds.indexOf(bound)), length, length + 1];
  }

  /** The family as of this scrape; undefined where no process has a series of it, nor any that lives the metric. */
  *result(scrape: number): Slices<Family | undefined> {
    const samples: Sample[] = [];
    let n = 0;
    for (const number of this.series.current(scrape)) {
      if (n++ % PER_SLICE === 0) yield;
      this.#samples(number, samples);
    }
    if (samples.length === 0 && this.shown !== scrape) return undefined;
    const { name, help, type } = this.meta;
    return { name, help, type, samples, live: this.shown === scrape ? this.live : 0 };
  }

  #samples(number: number, samples: Sample[]): void {
    const { name, type, mode } = this.meta;
    const { series } = this;
    const { high } = series.totals;
    const labels = series.shownLabels(number);
    const first = number * series.width;
    const value = high[first] as number;
    if (type === "histogram") {
      this.#buckets(number, labels, samples);
    } else if (type === "summary") {
      samples.push(
        { name: `${name}_sum`, labels, value },
        { name: `${name}_count`, labels, value: high[first + 1] as number },
      );
    } else {
      const exemplar = series.exemplarsOf(number)[0];
      const shown = mode === "average" ? value / (series.parts[number] as number) : value;
      samples.push(exemplar === undefined ? { name, labels, value: shown } : { name, labels, value: shown, exemplar });
    }
  }

  /** The count is that of the last bucket: a scrape never sees an observation in one and not in the other. */
  #buckets(number: number, labels: string, samples: Sample[]): void {
    const { name } = this.meta;
    const { high } = this.series.totals;
    const first = number * this.series.width;
    const exemplars = this.series.exemplarsOf(number);
    const rest = labels === "" ? "" : `,${labels}`;
    let count = 0;
    for (let i = 0; i <= this.bounds.length; i++) {
      count += high[first + i] as number;
      const exemplar = exemplars[i];
      const le = i === this.bounds.length ? "+Inf" : this.bounds[i];
      samples.push({
        name: `${name}_bucket`,
        labels: `le="${le}"${rest}`,
        value: count,
        ...(exemplar && { exemplar }),
      });
    }
    samples.push(
      { name: `${name}_sum`, labels, value: high[first + this.bounds.length + 1] as number },
      { name: `${name}_count`, labels, value: count },
    );
  }
}
