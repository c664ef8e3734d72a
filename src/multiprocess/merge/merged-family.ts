import type { Family } from "../family.js";
import { type Meta, slotsOf } from "../meta.js";
import type { Slices } from "../slices.js";
import { SeriesColumns } from "./merged-series.js";
import { Samples } from "./samples.js";
import type { TextTable } from "./text-table.js";

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
  scrape = -1;

  /** @param orders all orders of labels that there are */
  constructor(
    public meta: Meta,
    orders: TextTable,
  ) {
    this.bounds = meta.buckets ?? [];
    this.series = new SeriesColumns(slotsOf(meta), orders);
  }

  /**
   * Takes what one more file says of it.
   * @param registered whether its process lives and has it in a registry
   */
  declare(meta: Meta, rank: number, scrape: number, registered: boolean): void {
    const { buckets = [] } = meta;
    if (this.scrape !== scrape) this.bounds = buckets;
    this.scrape = scrape;
    if (registered) {
      this.live = this.shown === scrape ? this.live + 1 : 1;
      this.shown = scrape;
    }
    this.meta = meta;
    this.rank = rank;
    if (!buckets.every((bound) => this.bounds.includes(bound)))
      this.bounds = [...new Set([...this.bounds, ...buckets])].sort((a, b) => a - b);
  }

  /** After all files have been declared. */
  widen(): void {
    this.series.widen(slotsOf({ ...this.meta, buckets: this.bounds }));
  }

  /** Where the values of a file that has these buckets belong. */
  positions(buckets: readonly number[]): number[] {
    const { length } = this.bounds;
    return [...buckets.map((bound) => this.bounds.indexOf(bound)), length, length + 1];
  }

  /** The family as of this scrape; undefined where no process has a series of it, nor any that lives the metric. */
  *result(scrape: number): Slices<Family | undefined> {
    const samples = new Samples(this.meta, this.bounds, this.series, scrape);
    yield* samples.take();
    if (samples.length === 0 && this.shown !== scrape) return undefined;
    const { name, help, type } = this.meta;
    return { name, help, type, samples, live: this.shown === scrape ? this.live : 0 };
  }
}
