import type { Series } from "../store/series.js";
import { MapWatch } from "./map-watch.js";
import type { Entry, Metric } from "./shapes.js";
import type { OnTouch, Watched } from "./watch.js";

/** Makes every property of the `hashMap` an accessor: a call of `inc` costs two calls of a getter more. */
export class AccessorWatch extends MapWatch<AccessedSeries> {
  readonly #hurry: () => void;
  #reads = 0;

  /** @param hurry called now and then, before a series is touched */
  constructor(metric: Metric, onTouch: OnTouch, hurry: () => void) {
    super(metric, onTouch);
    this.#hurry = hurry;
    this.refresh();
  }

  override take(): AccessedSeries[] {
    for (const series of this.touched) series.touched = false;
    return super.take();
  }

  override stop(): void {
    for (const [key, { current: value }] of this.series) {
      if (!Object.hasOwn(this.map, key)) continue;
      Object.defineProperty(this.map, key, { value, writable: true, enumerable: true, configurable: true });
    }
    super.stop();
  }

  protected watch(key: string, entry: Entry): void {
    const series = this.series.get(key) ?? new AccessedSeries(key);
    this.series.set(key, series);
    series.current = entry;
    series.series = undefined;
    Object.defineProperty(this.map, key, {
      enumerable: true,
      configurable: true,
      get: () => {
        this.#touched(series);
        return series.current;
      },
      set: (next: Entry) => {
        // What is in the place of another counts from the beginning.
        if (next !== series.current) series.counted = 0;
        series.current = next;
        this.#touched(series);
      },
    });
    this.#touched(series);
  }

  #touched(series: AccessedSeries): void {
    if (series.touched) {
      if ((++this.#reads & 31) === 0) this.#hurry();
      if (series.touched) return;
    }
    series.touched = true;
    this.touch(series);
  }
}

class AccessedSeries implements Watched {
  touched = false;
  removed = false;
  current: Entry | undefined;
  series: Series | undefined;
  counted = 0;

  constructor(readonly key: string) {}

  entry(): Entry | undefined {
    return this.removed ? undefined : this.current;
  }
}
