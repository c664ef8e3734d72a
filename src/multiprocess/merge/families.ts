import type { Meta } from "../meta.js";
import { MergedFamily } from "./merged-family.js";
import { TextTable } from "./text-table.js";

/** All metrics of the merged view, with their series: what is read of files says to which of them it belongs. */
export class Families {
  /** Number of the scrape that is on. */
  scrape = 0;
  /** In which order the app has labels: 0 is by name. */
  readonly orders = new TextTable();
  readonly #all = new Map<string, MergedFamily>();

  constructor() {
    this.orders.numberOf(new Uint8Array(0), 0, 0);
  }

  of(meta: Meta): MergedFamily {
    const key = `${meta.name} ${meta.type} ${meta.mode ?? ""}`;
    let family = this.#all.get(key);
    if (family === undefined) {
      family = new MergedFamily(meta, this.orders);
      this.#all.set(key, family);
    }
    return family;
  }

  all(): MergedFamily[] {
    return [...this.#all.values()];
  }

  /** Whether most of what it keeps is of series that no file has any more. */
  isWasteful(): boolean {
    let kept = 0;
    let current = 0;
    for (const { series, scrape } of this.#all.values()) {
      kept += series.length + 1;
      if (scrape === this.scrape) current++;
      current += series.seen(this.scrape);
    }
    return kept > 2 * current + 1000;
  }
}
