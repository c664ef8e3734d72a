import type { Series } from "../store/series.js";
import { MapWatch } from "./map-watch.js";
import type { Entry, Metric } from "./shapes.js";
import type { OnTouch, Watched } from "./watch.js";

/** What every call that records changes in an entry. */
const CHANGES = { counter: "value", histogram: "count" } as const;

const watches = new WeakMap<object, RecordWatch>();

/** A counter or histogram is about to be recorded into. */
export function recording(metric: object): void {
  watches.get(metric)?.mark();
}

/** Learns from the methods that record that something has changed, and from the `hashMap` what. */
export class RecordWatch extends MapWatch<RecordedSeries> {
  readonly #changes: "value" | "count";
  readonly #onRecord: OnTouch;
  readonly #hurry: () => void;
  #recorded = false;
  #calls = 0;

  /**
   * @param onTouch called for each call that records, once or more often until `take`
   * @param hurry called now and then, before something is recorded
   */
  constructor(metric: Metric, type: keyof typeof CHANGES, onTouch: OnTouch, hurry: () => void) {
    super(metric, onTouch);
    this.#changes = CHANGES[type];
    this.#onRecord = onTouch;
    this.#hurry = hurry;
    this.refresh();
    watches.set(metric, this);
  }

  mark(): void {
    if (this.#recorded) {
      if ((++this.#calls & 31) === 0) this.#hurry();
      if (this.#recorded) return;
    }
    this.#recorded = true;
    this.#onRecord();
  }

  override take(): RecordedSeries[] {
    if (this.#recorded) {
      this.#recorded = false;
      const changes = this.#changes;
      for (const series of this.series.values()) {
        const now = series.current[changes];
        if (now === series.last) continue;
        series.last = now;
        this.touched.push(series);
      }
    }
    return super.take();
  }

  override stop(): void {
    watches.delete(this.metric);
    super.stop();
  }

  protected watch(key: string, entry: Entry): void {
    const series = this.series.get(key) ?? new RecordedSeries(key, entry);
    this.series.set(key, series);
    series.current = entry;
    series.last = entry[this.#changes];
    series.series = undefined;
    this.touch(series);
  }

  protected override lookAt(series: RecordedSeries): void {
    const entry = this.map[series.key] as Entry;
    if (entry !== series.current) this.watch(series.key, entry);
  }
}

class RecordedSeries implements Watched {
  removed = false;
  last: unknown;
  series: Series | undefined;
  counted = 0;

  constructor(
    readonly key: string,
    public current: Entry,
  ) {}

  entry(): Entry | undefined {
    return this.removed ? undefined : this.current;
  }
}
