import type { Exemplar } from "../family.js";
import { Totals } from "./total.js";

/** A series of the merged view. It is kept from one scrape to the next, to be found without its name. */
export class MergedSeries {
  totals: Totals;
  exemplars: (Exemplar | undefined)[] = [];
  /** Files that have added to it in this scrape. */
  parts = 0;
  /** The scrape that it was last added to in. */
  scrape = -1;

  /** The order that the youngest process has its labels in. */
  order: Uint8Array | undefined;

  constructor(
    readonly labels: string,
    length: number,
  ) {
    this.totals = new Totals(length);
  }

  /**
   * Makes room for one more part.
   * @param length of the values
   */
  begin(scrape: number, length: number): void {
    if (this.scrape !== scrape) {
      this.scrape = scrape;
      this.parts = 0;
      this.exemplars = [];
      if (this.totals.high.length === length) this.totals.reset();
      else this.totals = new Totals(length);
    }
    this.parts++;
  }

  /** Keeps the newest. */
  exemplify(at: number, exemplar: Exemplar | undefined): void {
    const now = this.exemplars[at];
    if (exemplar === undefined || (now?.timestamp ?? 0) > (exemplar.timestamp ?? 0)) return;
    this.exemplars[at] = exemplar;
  }
}
