import type { Series } from "../store/series.js";
import { MapWatch } from "./map-watch.js";
import type { Entry, Metric } from "./shapes.js";
import type { OnTouch, Watched } from "./watch.js";

/** What every call that records changes in an entry. */
const CHANGES = { counter: "value", histogram: "count" } as const;

const watches = new WeakMap<object, RecordWatch>();

/** Of so many series one call is made to show which it changes: it costs as much as to look at a part of them. */
const PER_SHOWN = 256;

/**
 * A counter or histogram is about to be recorded into.
 * @returns what is to be told when it has been
 */
export function recording(metric: object): RecordWatch | undefined {
  const watch = watches.get(metric);
  return watch?.mark() === true ? watch : undefined;
}

/**
 * Learns from the methods that record that something has changed, and from the `hashMap` what: it shows what the first calls
 * read, where there are many series; after more calls all of them are looked at.
 */
export class RecordWatch extends MapWatch<RecordedSeries> {
  readonly #changes: "value" | "count";
  readonly #onRecord: OnTouch;
  readonly #hurry: () => void;
  #read: RecordedSeries[] = [];
  #shown = 0;
  #isAny = false;
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

  /** @returns whether `over` is to be called when it is over */
  mark(): boolean {
    if ((++this.#calls & 31) === 0) this.#hurry();
    if (this.#isAny) return false;
    if (this.#shown < this.series.size / PER_SHOWN - 1 && this.show()) {
      this.#shown++;
      return true;
    }
    this.#isAny = true;
    this.#onRecord();
    return false;
  }

  over(): void {
    this.hide();
  }

  override take(): RecordedSeries[] {
    const changes = this.#changes;
    for (const series of this.#isAny ? this.series.values() : this.#read) {
      const now = series.current[changes];
      if (now === series.last || series.removed) continue;
      series.last = now;
      this.touched.push(series);
    }
    this.#isAny = false;
    this.#shown = 0;
    this.#read = [];
    return super.take();
  }

  override stop(): void {
    watches.delete(this.metric);
    super.stop();
  }

  protected override onRead(key: string | symbol): void {
    const series = this.series.get(key as string);
    if (series !== undefined && this.#read.push(series) === 1) this.#onRecord();
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
