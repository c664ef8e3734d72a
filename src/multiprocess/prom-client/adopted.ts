import type { Meta } from "../meta.js";
import type { Series } from "../store/series.js";
import type { Store } from "../store/store.js";
import type { StoredFamily } from "../store/stored-family.js";
import { HashMapWatch } from "./hash-map.js";
import { LabelMapWatch } from "./label-map.js";
import type { Metric } from "./shapes.js";
import type { Watch, Watched } from "./watch.js";
import { writeEntry } from "./write-entry.js";

/** A metric whose series also live in the file. */
export class Adopted {
  readonly meta: Meta;
  readonly metric: Metric;
  readonly #store: Store;
  readonly #series = new Map<string, Series>();
  readonly #touched: Watched[] = [];
  readonly #onFirstTouch: (adopted: Adopted) => void;
  #watch: Watch | undefined;
  #family: StoredFamily | undefined;
  #lookAgain = false;

  /** @param onFirstTouch called when there is something to `write` */
  constructor(metric: Metric, meta: Meta, store: Store, onFirstTouch: (adopted: Adopted) => void) {
    this.metric = metric;
    this.meta = meta;
    this.#store = store;
    this.#onFirstTouch = onFirstTouch;
  }

  /** Begins to watch. */
  start(): void {
    if (this.#watch !== undefined) return;
    if (this.metric.hashMap !== undefined) this.#watch = new HashMapWatch(this.metric, this.#onTouch);
    else this.#watch = new LabelMapWatch(this.metric, this.#onTouch);
  }

  /** Its series may have been removed, or be in another container now. */
  lookAgain(): void {
    if (this.#watch === undefined) return;
    this.#lookAgain = true;
    this.#onFirstTouch(this);
  }

  /** Leaves the metric as the client made it. What is in the file stays; what is not yet does not get there. */
  stop(): void {
    this.#watch?.stop();
    this.#watch = undefined;
    this.#touched.length = 0;
  }

  /** Takes its series out of the file, and those that are left are written under the labels that they now have. */
  relabel(): void {
    for (const series of this.#series.values()) series.clear();
    this.#series.clear();
    if (this.#watch === undefined) return;
    this.stop();
    this.start();
  }

  /** It is in no registry any more. */
  withdraw(): void {
    this.stop();
    this.relabel();
    if (this.#family !== undefined) this.#store.withdraw(this.#family);
    this.#family = undefined;
  }

  /** Brings what was touched into the store. */
  write(): void {
    if (this.#lookAgain) this.#watch?.refresh();
    this.#lookAgain = false;
    for (const watched of this.#touched.splice(0)) {
      const entry = watched.entry();
      watched.touched = false;
      if (entry !== undefined) {
        writeEntry(this.#seriesOf(watched.key, entry.labels), entry, this.meta);
        continue;
      }
      this.#series.get(watched.key)?.clear();
      this.#series.delete(watched.key);
    }
  }

  readonly #onTouch = (watched: Watched): void => {
    if (watched.touched) return;
    watched.touched = true;
    if (this.#touched.push(watched) === 1) this.#onFirstTouch(this);
  };

  #seriesOf(key: string, labels: Record<string, unknown>): Series {
    let series = this.#series.get(key);
    if (series === undefined) {
      const [registry] = this.metric.registers ?? [];
      this.#family ??= this.#store.family(this.meta);
      series = this.#store.series(
        this.#family,
        { ...labels, ...registry?._defaultLabels, ...labels },
        this.#exemplars(),
      );
      this.#series.set(key, series);
    }
    return series;
  }

  #exemplars(): number {
    if (this.metric.enableExemplars !== true || this.meta.type === "summary" || this.meta.type === "gauge") return 0;
    return this.meta.type === "histogram" ? (this.meta.buckets?.length ?? 0) + 1 : 1;
  }
}
