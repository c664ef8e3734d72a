import type { Exemplar, Sample, TextSink } from "../family.js";
import type { SeriesColumns } from "./merged-series.js";

/** A sample of the merged view: one object for all of a metric, as an object for each would be most of what a scrape needs. */
export class ShownSample implements Sample {
  name = "";
  value = 0;
  exemplar: Exemplar | undefined;
  /** A label of its own, before the others; empty where there is none. */
  le = "";
  /** Of its series, and of the order of its labels. */
  number = 0;
  order = 0;
  readonly #series: SeriesColumns;

  constructor(series: SeriesColumns) {
    this.#series = series;
  }

  get labels(): string {
    const others = this.#series.labelsOf(this.number, this.order);
    return [this.le, others].filter((text) => text !== "").join();
  }

  writeLabels(into: TextSink): void {
    const isBare = this.#series.isBare(this.number);
    if (isBare && this.le === "") return;
    into.put("{");
    into.put(this.le);
    if (!isBare && this.le !== "") into.put(",");
    this.#series.writeLabels(this.number, this.order, into);
    into.put("}");
  }
}
