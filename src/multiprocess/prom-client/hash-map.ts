import type { Entry, Metric } from "./shapes.js";
import type { OnTouch, Watch, Watched } from "./watch.js";

type HashMap = Record<string, Entry>;

/**
 * Watches the `hashMap` of a metric of prom-client. Every property of it becomes an accessor, and a proxy behind it takes
 * the keys that it does not have yet: a call of `inc` costs two calls of a getter more.
 */
export class HashMapWatch implements Watch {
  readonly #metric: Metric;
  readonly #onTouch: OnTouch;
  readonly #series = new Map<string, HashMapSeries>();
  readonly #behind: object;
  #map: HashMap = {};

  constructor(metric: Metric, onTouch: OnTouch) {
    this.#metric = metric;
    this.#onTouch = onTouch;
    this.#behind = new Proxy(Object.prototype, {
      set: (_, key, value, receiver) => {
        if (receiver === this.#map && typeof key === "string") this.#watch(key, value as Entry);
        else Object.defineProperty(receiver, key, { value, writable: true, enumerable: true, configurable: true });
        return true;
      },
    });
    this.refresh();
  }

  refresh(): void {
    const map = this.#metric.hashMap as HashMap;
    if (map !== this.#map) {
      // First what a frozen one refuses.
      Object.setPrototypeOf(map, this.#behind);
      this.#map = map;
      for (const key of Object.keys(map)) this.#watch(key, map[key] as Entry);
    }
    for (const [key, series] of this.#series) {
      if (Object.hasOwn(map, key)) continue;
      this.#series.delete(key);
      series.current = undefined;
      this.#onTouch(series);
    }
  }

  stop(): void {
    const map = this.#map;
    for (const [key, { current: value }] of this.#series) {
      if (!Object.hasOwn(map, key)) continue;
      Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true });
    }
    Object.setPrototypeOf(map, Object.prototype);
    this.#series.clear();
    this.#map = {};
  }

  #watch(key: string, entry: Entry): void {
    const series = this.#series.get(key) ?? new HashMapSeries(key);
    this.#series.set(key, series);
    series.current = entry;
    Object.defineProperty(this.#map, key, {
      enumerable: true,
      configurable: true,
      get: () => {
        if (!series.touched) this.#onTouch(series);
        return series.current;
      },
      set: (next: Entry) => {
        series.current = next;
        if (!series.touched) this.#onTouch(series);
      },
    });
    this.#onTouch(series);
  }
}

class HashMapSeries implements Watched {
  current: Entry | undefined;
  touched = false;

  constructor(readonly key: string) {}

  entry(): Entry | undefined {
    return this.current;
  }
}
