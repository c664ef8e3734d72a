import type { Family, Sample } from "../family.js";
import { type Meta, slotsOf } from "../meta.js";
import { MergedSeries } from "./merged-series.js";

/** A metric of the merged view. */
export class MergedFamily {
  readonly series = new Map<string, MergedSeries>();
  /** Bounds of a histogram's buckets: those of all processes, which may run different versions of the program. */
  bounds: readonly number[];
  /** As of the youngest process that has it, whose place among all it is. */
  rank = 0;

  constructor(public meta: Meta) {
    this.bounds = meta.buckets ?? [];
  }

  /** Values of one series. */
  get length(): number {
    return slotsOf({ ...this.meta, buckets: this.bounds });
  }

  /** Takes what one more file says of it. */
  declare(meta: Meta, rank: number): void {
    this.meta = meta;
    this.rank = rank;
    const { buckets = [] } = meta;
    if (buckets.every((bound) => this.bounds.includes(bound))) return;
    this.bounds = [...new Set([...this.bounds, ...buckets])].sort((a, b) => a - b);
  }

  /** Where the values of a file that has these buckets belong. */
  positions(buckets: readonly number[]): number[] {
    const { length } = this.bounds;
    return [...buckets.map((bound) => this.bounds.indexOf(bound)), length, length + 1];
  }

  seriesOf(labels: string): MergedSeries {
    let series = this.series.get(labels);
    if (series === undefined) {
      series = new MergedSeries(labels, this.length);
      this.series.set(labels, series);
    }
    return series;
  }

  /** The series that were added to in this scrape. */
  *current(scrape: number): Generator<MergedSeries> {
    for (const series of this.series.values()) if (series.scrape === scrape) yield series;
  }

  /** The family as of this scrape; undefined where no process has a series of it. */
  result(scrape: number): Family | undefined {
    const samples: Sample[] = [];
    for (const series of this.current(scrape)) this.#samples(series, samples);
    if (samples.length === 0) return undefined;
    const { name, help, type } = this.meta;
    return { name, help: type === "summary" ? `${help}${SUMMARY}` : help, type, samples };
  }

  #samples(series: MergedSeries, samples: Sample[]): void {
    const { name, type, mode } = this.meta;
    const { labels, totals, parts, exemplars } = series;
    const value = totals.high[0] as number;
    if (type === "histogram") {
      this.#buckets(series, samples);
    } else if (type === "summary") {
      samples.push(
        { name: `${name}_sum`, labels, value },
        { name: `${name}_count`, labels, value: totals.high[1] as number },
      );
    } else {
      const exemplar = exemplars[0];
      samples.push({ name, labels, value: mode === "average" ? value / parts : value, ...(exemplar && { exemplar }) });
    }
  }

  /** The count is that of the last bucket: a scrape never sees an observation in one and not in the other. */
  #buckets({ labels, totals, exemplars }: MergedSeries, samples: Sample[]): void {
    const { name } = this.meta;
    const rest = labels === "" ? "" : `,${labels}`;
    let count = 0;
    for (let i = 0; i <= this.bounds.length; i++) {
      count += totals.high[i] as number;
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
      { name: `${name}_sum`, labels, value: totals.high[this.bounds.length + 1] as number },
      { name: `${name}_count`, labels, value: count },
    );
  }
}

const SUMMARY = " (sum and count of all processes; quantiles of several processes cannot be added up)";
