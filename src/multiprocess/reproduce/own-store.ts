import type { Series } from "../store/series.js";
import { Store } from "../store/store.js";
import type { StoredFamily } from "../store/stored-family.js";
import { COUNTER, type Labels, labelText, type Recorder } from "./recorder.js";

/** Counts in a file that no other process writes. */
export class OwnStore implements Recorder {
  readonly #store: Store;
  readonly #family: StoredFamily;
  readonly #series = new Map<string, Series>();

  constructor(folder: string) {
    this.#store = new Store(folder, (error) => {
      throw error;
    });
    this.#family = this.#store.family(COUNTER);
  }

  increment(labels: Labels): void {
    const text = labelText(labels);
    let series = this.#series.get(text);
    if (series === undefined) {
      series = this.#store.series(this.#family, { ...labels });
      this.#series.set(text, series);
    }
    series.add(1);
  }

  close(): void {
    this.#store.close();
  }
}
