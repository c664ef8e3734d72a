import type { Meta } from "../meta.js";
import { FLAG } from "../store/format.js";
import { sortedLabelText } from "../store/label-text.js";
import type { Series } from "../store/series.js";
import type { Store } from "../store/store.js";
import type { StoredFamily } from "../store/stored-family.js";
import { AccessorWatch } from "./accessor-watch.js";
import { LabelMapWatch } from "./label-map.js";
import { RecordWatch } from "./record-watch.js";
import { isRecorderType, tells, untell } from "./recorders.js";
import type { Metric, Registry } from "./shapes.js";
import type { Watch } from "./watch.js";
import { withDefaults } from "./with-defaults.js";
import { entryWriter, type WriteEntry } from "./write-entry.js";

/** A metric whose series also live in the file. */
export class Adopted {
  readonly meta: Meta;
  readonly metric: Metric;
  /** The first one that it is in, whose default labels it has. */
  readonly registry: Registry | undefined;
  readonly #store: Store;
  readonly #series = new Map<string, Series>();
  /** Of a gauge, by labels that others may be shown like, the key of the series that has them. */
  readonly #shown = new Map<string, string>();
  readonly #writeEntry: WriteEntry;
  readonly #onFirstTouch: (adopted: Adopted) => void;
  #watch: Watch | undefined;
  #family: StoredFamily | undefined;
  #lookAgain = false;
  #touched = false;

  /** @param onFirstTouch called when there is something to `write` */
  constructor(
    metric: Metric,
    meta: Meta,
    registry: Registry | undefined,
    store: Store,
    onFirstTouch: (adopted: Adopted) => void,
  ) {
    this.metric = metric;
    this.registry = registry;
    this.meta = meta;
    this.#store = store;
    this.#onFirstTouch = onFirstTouch;
    this.#writeEntry = entryWriter(meta);
  }

  /** Begins to watch. */
  start(): void {
    this.#watch ??= this.#newWatch();
    this.#family ??= this.#store.family(this.meta);
  }

  /** @param apart whether it is in none of the registries that the app wants in `clusterMetrics()` */
  setApart(apart: boolean): void {
    if (this.#family !== undefined) this.#store.flag(this.#family, FLAG.apart, apart);
  }

  /** Runs a method that removes one of its series. */
  removing<Result>(remove: () => Result): Result {
    return this.#watch === undefined ? remove() : this.#watch.removing(remove);
  }

  /** All its series may have been removed, or be in another container now. */
  lookAgain(): void {
    if (this.#watch === undefined) return;
    this.#lookAgain = true;
    this.#onTouch();
  }

  /** Looks at what the app may have done to its container by hand. */
  lookForManualChanges(): void {
    if (this.#watch?.isReplaced === true) this.lookAgain();
    else this.#watch?.lookUp?.();
  }

  /** Leaves the metric as the client made it. What is in the file stays; what is not yet does not get there. */
  stop(): void {
    this.#watch?.stop();
    this.#watch = undefined;
    if (isRecorderType(this.meta.type)) untell(this.metric, this.meta.type);
  }

  /** Takes its series out of the file, and those that are left are written under the labels that they now have. */
  relabel(): void {
    for (const series of this.#series.values()) series.clear();
    this.#series.clear();
    this.#shown.clear();
    this.lookAgain();
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
    if (this.#lookAgain || this.#watch?.isReplaced === true) this.#watch?.refresh();
    else this.#watch?.lookUp?.();
    this.#lookAgain = false;
    this.#touched = false;
    for (const watched of this.#watch?.take() ?? []) {
      const entry = watched.entry();
      if (entry !== undefined) {
        if (watched.series === undefined) {
          if (this.#isShownAlready(watched.key, entry.labels ?? {})) continue;
          watched.series = this.#seriesOf(watched.key, entry.labels ?? {});
          watched.counted = 0;
        }
        this.#writeEntry(watched.series, entry, watched);
        continue;
      }
      this.#series.get(watched.key)?.clear();
      this.#series.delete(watched.key);
      this.#showNext(watched.key);
    }
  }

  /**
   * Whether another label set of a gauge is shown like this one, as `null` and "null" are by @prometheus-io/client. Of two lines
   * with the same labels Prometheus takes the first; to add them up would give a value that nobody has set.
   */
  #isShownAlready(key: string, labels: Record<string, unknown>): boolean {
    if (this.meta.type !== "gauge" || !Object.values(labels).some(isShownLikeAnother)) return false;
    const { text } = sortedLabelText(labels);
    const shown = this.#shown.get(text) ?? key;
    this.#shown.set(text, shown);
    return shown !== key;
  }

  /** Another may have been shown like one that is gone. */
  #showNext(gone: string): void {
    for (const [text, key] of this.#shown) {
      if (key !== gone) continue;
      this.#shown.delete(text);
      this.lookAgain();
    }
  }

  readonly #onTouch = (): void => {
    if (this.#touched) return;
    this.#touched = true;
    this.#onFirstTouch(this);
  };

  readonly #hurry = (): void => this.#store.hurry();

  #newWatch(): Watch {
    const { metric } = this;
    const { type } = this.meta;
    if (metric.hashMap === undefined) return new LabelMapWatch(metric, this.#onTouch, this.#hurry);
    // What only an exemplar changes is no record.
    if (isRecorderType(type) && metric.enableExemplars !== true && tells(metric, type))
      return new RecordWatch(metric, type, this.#onTouch, this.#hurry);
    return new AccessorWatch(metric, this.#onTouch, this.#hurry);
  }

  #seriesOf(key: string, labels: Record<string, unknown>): Series {
    let series = this.#series.get(key);
    if (series === undefined) {
      const family = this.#family as StoredFamily;
      series = this.#store.series(
        family,
        withDefaults(labels, this.meta, this.metric, this.registry),
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

function isShownLikeAnother(value: unknown): boolean {
  return value === null || value === undefined || value === "null" || value === "undefined";
}
