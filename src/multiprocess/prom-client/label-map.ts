import type { Entry, LabelMap, Metric } from "./shapes.js";
import type { OnTouch, Watch, Watched } from "./watch.js";

/**
 * Watches the `store` of a metric of @prometheus-io/client, whose map is private: it asks itself for the key of every label
 * set that it reads or writes.
 */
export class LabelMapWatch implements Watch {
  readonly #metric: Metric;
  readonly #onTouch: OnTouch;
  readonly #series = new Map<string, LabelMapSeries>();
  #store: LabelMap | undefined;

  constructor(metric: Metric, onTouch: OnTouch) {
    this.#metric = metric;
    this.#onTouch = onTouch;
    this.refresh();
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
        const series = this.#series.get(key);
        if (series === undefined) this.#touched(key, labels);
        else if (!series.touched) this.#onTouch(series);
        return key;
      };
      for (const { labels } of store.values()) this.#touched(keyFrom(labels), labels);
    }
    for (const series of this.#series.values()) this.#onTouch(series);
  }

  stop(): void {
    this.#unwatch();
    this.#store = undefined;
    this.#series.clear();
  }

  #unwatch(): void {
    // Its own property goes, that of its class is back.
    if (this.#store !== undefined) delete (this.#store as Partial<LabelMap>).keyFrom;
  }

  #touched(key: string, labels: Record<string, unknown>): void {
    const series = new LabelMapSeries(key, () => this.#entryOf(series, labels));
    this.#series.set(key, series);
    this.#onTouch(series);
  }

  #entryOf(series: LabelMapSeries, labels: Record<string, unknown>): Entry | undefined {
    // The question itself is no touch.
    series.touched = true;
    const entry = this.#store?.entry(labels);
    series.touched = false;
    if (entry === undefined) this.#series.delete(series.key);
    return entry;
  }
}

class LabelMapSeries implements Watched {
  touched = false;

  constructor(
    readonly key: string,
    readonly entry: () => Entry | undefined,
  ) {}
}
