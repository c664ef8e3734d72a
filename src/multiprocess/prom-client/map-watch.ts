import type { Entry, Metric } from "./shapes.js";
import type { OnTouch, Watch, Watched } from "./watch.js";

export type HashMap = Record<string, Entry>;

/** How many entries are looked up at a time: apps may have many, and few change any by hand. */
const LOOK_UP = 32;

/** Watches the `hashMap` of a metric of prom-client: a proxy behind it takes the keys that it does not have yet. */
export abstract class MapWatch<Series extends Watched & { removed: boolean }> implements Watch {
  protected readonly metric: Metric;
  protected readonly series = new Map<string, Series>();
  protected map: HashMap = {};
  /** Those to be taken, which know that they are. */
  protected touched: Series[] = [];
  readonly #onTouch: OnTouch;
  readonly #behind: object;
  /** The map, as a method meets it of which it is to be seen what it reads and removes. */
  #shown: HashMap = {};
  /** Those to be looked up next. */
  #round = this.series.values();

  constructor(metric: Metric, onTouch: OnTouch) {
    this.metric = metric;
    this.#onTouch = onTouch;
    this.#behind = new Proxy(Object.prototype, {
      set: (_, key, value, receiver) => {
        Object.defineProperty(receiver, key, { value, writable: true, enumerable: true, configurable: true });
        if (receiver === this.map && typeof key === "string") this.watch(key, value as Entry);
        return true;
      },
    });
  }

  get isReplaced(): boolean {
    const { hashMap } = this.metric;
    return hashMap !== this.map && hashMap !== this.#shown;
  }

  take(): Series[] {
    const { touched } = this;
    this.touched = [];
    return touched;
  }

  removing<Result>(remove: () => Result): Result {
    const shows = this.show();
    try {
      return remove();
    } finally {
      if (shows) this.hide();
      else if (this.metric.hashMap === this.map) this.#dropGone(); // A frozen one shows nothing.
    }
  }

  refresh(): void {
    const map = this.metric.hashMap as HashMap;
    if (map !== this.map) {
      // First what a frozen one refuses.
      Object.setPrototypeOf(map, this.#behind);
      this.map = map;
      this.#shown = new Proxy(map, {
        get: (_, key) => {
          this.onRead(key);
          return Reflect.get(map, key);
        },
        set: (_, key, value) => Reflect.set(map, key, value),
        deleteProperty: (_, key) => this.#remove(key),
      });
    }
    // All of them anew, in the order of the map, behind what is gone: that may be there again.
    this.touched = this.take().filter(({ removed }) => removed);
    for (const key of Object.keys(map)) this.watch(key, map[key] as Entry);
    this.#dropGone();
  }

  lookUp(): void {
    for (let looks = Math.min(LOOK_UP, this.series.size); looks > 0; looks--) {
      let next = this.#round.next();
      if (next.done) {
        this.#round = this.series.values();
        next = this.#round.next();
      }
      const series = next.value as Series;
      if (Object.hasOwn(this.map, series.key)) this.lookAt(series);
      else this.#drop(series);
    }
  }

  stop(): void {
    Object.setPrototypeOf(this.map, Object.prototype);
    this.series.clear();
    this.touched = [];
    this.map = {};
  }

  /**
   * Has a method of the client's that is about to run show what it reads and removes, until `hide`.
   * @returns false where it does already, or the metric has another map or is frozen
   */
  protected show(): boolean {
    return this.metric.hashMap === this.map && Reflect.set(this.metric, "hashMap", this.#shown);
  }

  protected hide(): void {
    if (this.metric.hashMap === this.#shown) this.metric.hashMap = this.map;
  }

  /** A method that shows it reads an entry. */
  protected onRead(_key: string | symbol): void {}

  /** Takes a series that is new, or that is looked at again. */
  protected abstract watch(key: string, entry: Entry): void;

  /** Looks whether it has another entry than it had. */
  protected lookAt(_series: Series): void {}

  protected touch(series: Series): void {
    if (this.touched.push(series) === 1) this.#onTouch();
  }

  #remove(key: string | symbol): boolean {
    const removed = Reflect.deleteProperty(this.map, key);
    const series = removed && typeof key === "string" ? this.series.get(key) : undefined;
    if (series !== undefined) this.#drop(series);
    return removed;
  }

  #dropGone(): void {
    for (const series of this.series.values()) if (!Object.hasOwn(this.map, series.key)) this.#drop(series);
  }

  #drop(series: Series): void {
    this.series.delete(series.key);
    series.removed = true;
    this.touch(series);
  }
}
