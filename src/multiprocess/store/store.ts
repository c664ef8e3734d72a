import { isMainThread } from "node:worker_threads";
import { clearInterval, setInterval } from "../../timers.js";
import type { Exemplar } from "../family.js";
import { isOwn, type Meta, slotsOf } from "../meta.js";
import { afterExit, stayAfterExit } from "./after-exit.js";
import { BackOff } from "./back-off.js";
import { Batch } from "./batch.js";
import type { Place } from "./dirty-ranges.js";
import { writeExemplar } from "./exemplar.js";
import { FileWriter, LOOK_EVERY_MS } from "./file-writer.js";
import * as format from "./format.js";
import type { Identity } from "./identity.js";
import { type Labels, sortedLabelText, withProcess } from "./label-text.js";
import { type Layout, layOut } from "./layout.js";
import { Records } from "./records.js";
import { type Keeper, Series } from "./series.js";
import { isGone, StoredFamily } from "./stored-family.js";

/**
 * The metrics of one thread, in a file of its own. All of it is in memory too; what changed is written together: after some
 * milliseconds, or at the end of the tick, which is when all its callbacks and promise reactions have run.
 */
export class Store implements Keeper {
  /** Called at the start of every flush, to bring in what has changed. */
  beforeFlush: (() => void) | undefined;
  readonly #file: FileWriter;
  readonly #onError: (error: unknown) => void;
  readonly #families = new Map<string, StoredFamily>();
  #series: Series[] = [];
  #dirty: (Place & { dirty: boolean })[] = [];
  #records = new Records();
  /** Series that are larger than a file may be. */
  readonly #tooLarge = new Set<Series>();
  readonly #backOff = new BackOff(() => this.flush());
  readonly #batch: Batch;
  readonly #stopAfterExit: () => void;
  #errors = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /**
   * Does nothing to the disk until something is recorded.
   * @param directory is made, for this user alone, where it is not there
   * @param onError takes the first error whenever the disk begins to refuse. What is recorded then waits in memory
   * @param flushMs milliseconds after which what changed is written; 0: at the end of each tick
   */
  constructor(directory: string, onError: (error: unknown) => void, flushMs = 0) {
    this.#file = new FileWriter(directory);
    this.#onError = onError;
    this.#batch = new Batch(flushMs, () => this.flush());
    this.#stopAfterExit = afterExit(() => this.#end());
  }

  /** Whether others can see this process: it has a file, or the disk has not refused it one. */
  get open(): boolean {
    return !this.#closed && (this.#file.isSeen || !this.#backOff.failing);
  }

  /** Attempts to write that the disk has refused. */
  get errors(): number {
    return this.#errors;
  }

  /** Series that are not in the file yet. */
  get waiting(): number {
    let waiting = this.#tooLarge.size;
    for (let i = this.#series.length - 1; i >= 0 && (this.#series[i] as Series).at >= this.#file.committed; i--)
      waiting++;
    return waiting;
  }

  /** @returns the same for the same family; one that was withdrawn is back */
  family(meta: Meta): StoredFamily {
    const key = JSON.stringify(meta);
    let family = this.#families.get(key);
    if (family === undefined) {
      family = new StoredFamily(meta, key);
      this.#placeFamily(family);
      this.schedule();
    }
    this.flag(family, format.FLAG.unregistered, false);
    return family;
  }

  /**
   * Says something of a family.
   * @param flag of `FLAG`
   */
  flag(family: StoredFamily, flag: number, on: boolean): void {
    const flags = on ? family.flags | flag : family.flags & ~flag;
    if (this.#closed || flags === family.flags) return;
    family.flags = flags;
    format.writeSlot(this.#records.view, family.at, flags);
    this.#touch(family);
  }

  /** The metric is in no registry any more. It is forgotten once all of its series are cleared. */
  withdraw(family: StoredFamily): void {
    this.flag(family, format.FLAG.unregistered, true);
  }

  /**
   * A series of zeros.
   * @param labels in the order of the app
   * @param exemplars how many it may have: one for a counter, one for each bucket of a histogram
   */
  series(family: StoredFamily, labels: Labels, exemplars = 0): Series {
    const { meta } = family;
    const text = sortedLabelText(isOwn(meta) ? withProcess(labels) : labels);
    const series = new Series(this, family, text, slotsOf(meta), exemplars);
    if (this.#place(series)) this.#touch(series);
    return series;
  }

  /** Has what changed written at the end of the batch. */
  schedule(): void {
    if (this.#closed) return;
    stayAfterExit();
    this.#batch.begin();
  }

  /** Writes what has changed, where that is overdue. */
  hurry(): void {
    this.#batch.hurry();
  }

  /** Writes what has changed, if anything has: this thread may end, or run nothing for long. */
  settle(): void {
    if (this.#batch.waiting) this.flush();
  }

  isCleared({ at }: Series): boolean {
    return at < 0 || format.isCleared(this.#records.view, at);
  }

  read({ at }: Series, slot: number): number {
    if (at < 0 || format.isCleared(this.#records.view, at + slot * format.SLOT)) return 0;
    return this.#records.view.getFloat64(at + slot * format.SLOT, true);
  }

  write(series: Series, slot: number, value: number): void {
    if (this.#closed) return;
    if (series.at < 0 && !this.#place(series)) return;
    if (this.isCleared(series)) this.#zero(series);
    format.writeSlot(this.#records.view, series.at + slot * format.SLOT, value);
    if (!series.dirty) this.#touch(series);
  }

  writeExemplar(series: Series, index: number, exemplar: Exemplar | undefined): void {
    if (this.#closed || series.at < 0) return;
    const at = series.at + series.slots * format.SLOT + index * format.EXEMPLAR;
    if (writeExemplar(this.#records.memory, at, exemplar)) this.#touch(series);
  }

  clear(series: Series): void {
    this.#tooLarge.delete(series);
    if (this.#closed || this.isCleared(series)) return;
    for (let slot = 0; slot < series.slots; slot++)
      format.clearSlot(this.#records.view, series.at + slot * format.SLOT);
    series.family.size--;
    this.#touch(series);
  }

  /**
   * Writes what has changed, now. Never throws.
   * @param last whether there may be no other time: then also what the disk has refused is tried again
   */
  flush(last = false): void {
    if (this.#closed) return;
    try {
      this.beforeFlush?.();
      if (this.#dirty.length === 0 && this.#isWritten && !last) return;
      this.#write(last);
    } catch (error) {
      this.#refused(error);
    }
  }

  /** Writes what has changed and lets go of the file, which is then that of a dead process. */
  close(): void {
    this.flush(true);
    this.#release();
  }

  get #isWritten(): boolean {
    return this.#records.end <= Math.max(this.#file.committed, format.HEADER);
  }

  #write(last: boolean): void {
    const file = this.#file;
    const tries = last || !this.#backOff.waiting;
    const place = file.place(last);
    if (place !== "whole" || file.committed === 0) {
      if (!tries || (this.#isWritten && !file.exists)) return;
      this.#timer ??= setInterval(this.#look, LOOK_EVERY_MS).unref();
      this.#writeAnew(place === "gone");
    } else {
      file.update(this.#records, this.#dirty);
    }
    // What has no place in the file yet is written with all that follows it.
    for (const written of this.#dirty) written.dirty = false;
    this.#dirty = [];
    if (!this.#isWritten) {
      if (!tries) return;
      if (this.#isWasteful()) this.#writeAnew(false);
      else file.append(this.#records);
    }
    if (!this.#backOff.failing) return;
    this.#backOff.over();
    this.#tell();
  }

  /** @param elsewhere in a new file, or in the place of the one that there is */
  #writeAnew(elsewhere: boolean): void {
    let layout: Layout | undefined;
    const recordsOf = (identity: Identity) => {
      layout = layOut(identity, this.#records, [...this.#families.values()], this.#series);
      return layout.records;
    };
    if (elsewhere) this.#file.create(recordsOf);
    else this.#file.replace(recordsOf);
    const { records, families, series, adopt } = layout as unknown as Layout;
    adopt();
    this.#records = records;
    this.#series = series;
    this.#families.clear();
    for (const family of families) this.#families.set(family.key, family);
  }

  #refused(error: unknown): void {
    this.#errors++;
    const isFirst = this.#backOff.refused();
    this.#tell();
    if (isFirst) this.#onError(error);
  }

  readonly #look = (): void => {
    if (this.#file.place(true) !== "whole") this.flush(true);
    this.#tell();
  };

  #tell(state: number = format.STATE.live): void {
    try {
      this.#file.tell(this.#records, { state, errors: this.#errors, waiting: this.waiting });
    } catch {
      // It is told the next time.
    }
  }

  /** A thread's file would stay open as long as its process; and who lives is told by this where there are no locks. */
  #end(): void {
    this.flush(true);
    if (isMainThread) this.#tell(format.STATE.ended);
    else this.#release();
  }

  #release(): void {
    if (this.#closed) return;
    this.#tell(format.STATE.ended);
    this.#closed = true;
    this.#stopAfterExit();
    this.#backOff.over();
    clearInterval(this.#timer);
    this.#file.close();
  }

  #touch(place: Place & { dirty: boolean }): void {
    if (place.dirty) return;
    place.dirty = true;
    this.#dirty.push(place);
    this.schedule();
  }

  #placeFamily(family: StoredFamily): void {
    family.at = this.#records.appendFamily(family.meta, family.flags);
    family.number = this.#families.size;
    this.#families.set(family.key, family);
  }

  /** @returns whether there is room for it */
  #place(series: Series): boolean {
    const { family, labels, slots, exemplars } = series;
    try {
      if (family.number < 0) this.#placeFamily(family);
      series.at = this.#records.appendSeries(family.number, labels, slots, exemplars);
    } catch (error) {
      if (this.#tooLarge.size === 0) this.#onError(error);
      this.#tooLarge.add(series);
      return false;
    }
    this.#tooLarge.delete(series);
    this.#series.push(series);
    family.size++;
    return true;
  }

  #zero(series: Series): void {
    for (let slot = 0; slot < series.slots; slot++) {
      format.writeSlot(this.#records.view, series.at + slot * format.SLOT, 0);
    }
    series.family.size++;
  }

  /** A program that removes metrics and label sets and makes others must not grow its file for ever. */
  #isWasteful(): boolean {
    const { end, view } = this.#records;
    if (end <= this.#file.bytes) return false;
    let wasted = 0;
    for (const series of this.#series) if (format.isCleared(view, series.at)) wasted += bytesOf(series);
    for (const family of this.#families.values()) {
      if (isGone(family)) wasted += format.recordBytes(family.key.length, family.slots, family.exemplars);
    }
    return wasted > end / 2;
  }
}

function bytesOf({ labels, slots, exemplars }: Series): number {
  return format.recordBytes(labels.text.length, slots, exemplars);
}
