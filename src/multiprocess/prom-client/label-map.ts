import type { Series } from "../store/series.js";
import type { Entry, EntryLabels, LabelMap, Metric } from "./shapes.js";
import type { OnTouch, Watch, Watched } from "./watch.js";

/**
 * Watches the `store` of a metric of @prometheus-io/client, whose map is private: it asks itself for the key of every label
 * set that it reads or writes.
 */
export class LabelMapWatch implements Watch {
  readonly #metric: Metric;
  readonly #onTouch: OnTouch;
  readonly #hurry: () => void;
  readonly #series = new Map<string, LabelMapSeries>();
  #store: LabelMap | undefined;
  #touched: LabelMapSeries[] = [];
  #reads = 0;
  #asking = false;

  /** @param hurry called now and then, before a series is touched */
  constructor(metric: Metric, onTouch: OnTouch, hurry: () => void) {
    this.#metric = metric;
    this.#onTouch = onTouch;
    this.#hurry = hurry;
    this.refresh();
  }

  get isReplaced(): boolean {
    return this.#metric.store !== this.#store;
  }

  take(): Watched[] {
    const touched = this.#touched;
    this.#touched = [];
    for (const series of touched) series.touched = false;
    return touched;
  }

  /** It asks for the key of what it removes, too. */
  removing<Result>(remove: () => Result): Result {
    return remove();
  }

  refresh(): void {
    const store = this.#metric.store as LabelMap;
    if (store !== this.#store) {
      this.#unwatch();
      this.#store = store;
      const keyFrom = store.keyFrom.bind(store);
      // First what a frozen one refuses.
      store.keyFrom = (labels = {}) => {
        const key = keyFrom(labels);
        if (!this.#asking) {
          // Before the series is looked up: one that is removed is forgotten as it is written.
          if ((++this.#reads & 31) === 0) this.#hurry();
          this.#touch(this.#series.get(key) ?? this.#add(key, labels));
        }
        return key;
      };
      for (const { labels } of store.values()) this.#add(keyFrom(labels), labels);
    }
    this.take();
    for (const series of this.#series.values()) {
      series.series = undefined;
      this.#touch(series);
    }
  }

  stop(): void {
    this.#unwatch();
    this.#store = undefined;
    this.#series.clear();
    this.#touched = [];
  }

  #unwatch(): void {
    // Its own property goes, that of its class is back.
    if (this.#store !== undefined) delete (this.#store as Partial<LabelMap>).keyFrom;
  }

  #add(key: string, labels: EntryLabels): LabelMapSeries {
    const series = new LabelMapSeries(key, () => this.#entryOf(series, labels));
    this.#series.set(key, series);
    return series;
  }

  #touch(series: LabelMapSeries): void {
    if (series.touched) return;
    series.touched = true;
    if (this.#touched.push(series) === 1) this.#onTouch();
  }

  #entryOf(series: LabelMapSeries, labels: EntryLabels): Entry | undefined {
    // The question itself is no touch.
    this.#asking = true;
    const entry = this.#store?.entry(labels);
    this.#asking = false;
    if (entry === undefined) this.#series.delete(series.key);
    // One that was removed and is there again counts from the beginning.
    if (entry !== series.current) series.counted = 0;
    series.current = entry;
    return entry;
  }
}

class LabelMapSeries implements Watched {
  touched = false;
  current: Entry | undefined;
  series: Series | undefined;
  counted = 0;

  constructor(
    readonly key: string,
    readonly entry: () => Entry | undefined,
  ) {}
}
