import type { Exemplar } from "../family.js";
import { type Meta, slotsOf } from "../meta.js";
import { afterExit } from "./after-exit.js";
import { Batch } from "./batch.js";
import { writeExemplar } from "./exemplar.js";
import { FileWriter } from "./file-writer.js";
import * as format from "./format.js";
import type { Identity } from "./identity.js";
import { Records } from "./records.js";
import { Series } from "./series.js";

/**
 * The metrics of one thread, in a file of its own. All of it is in memory too; what changed is written together: after some
 * milliseconds, or at the end of the tick, which is when all its callbacks and promise reactions have run.
 */
export class Store {
  /** Called at the start of every flush, to bring in what has changed. */
  beforeFlush: (() => void) | undefined;
  readonly #file: FileWriter;
  readonly #onError: (error: unknown) => void;
  readonly #families: Meta[] = [];
  readonly #numbers = new Map<string, number>();
  #series: Series[] = [];
  #cleared = 0;
  #dirty: Series[] = [];
  #records = new Records();
  readonly #batch: Batch;
  readonly #stopAfterExit: () => void;
  #closed = false;

  /**
   * Does nothing to the disk until something is recorded.
   * @param directory is made, for this user alone, where it is not there
   * @param onError takes the first error of the disk; the store is then closed, and what is set in it stays in memory
   * @param flushMs milliseconds after which what changed is written; 0: at the end of each tick
   */
  constructor(directory: string, onError: (error: unknown) => void, flushMs = 0) {
    this.#file = new FileWriter(directory);
    this.#onError = onError;
    this.#batch = new Batch(flushMs, () => this.flush());
    this.#stopAfterExit = afterExit(() => this.flush());
  }

  /** Whether what is recorded still reaches the disk. */
  get open(): boolean {
    return !this.#closed;
  }

  /** @returns its number: the same for the same family */
  family(meta: Meta): number {
    const key = JSON.stringify(meta);
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#families.push(meta) - 1;
      this.#numbers.set(key, number);
      this.#records.appendJson(format.KIND.family, meta);
    }
    return number;
  }

  /**
   * A series of zeros.
   * @param family number of its family
   * @param exemplars how many it may have: one for a counter, one for each bucket of a histogram
   */
  series(family: number, labels: string, exemplars = 0): Series {
    const series = new Series(this, family, labels, slotsOf(this.#families[family] as Meta), exemplars);
    this.#place(series);
    this.#touch(series);
    return series;
  }

  /** Has what changed written at the end of the batch. */
  schedule(): void {
    if (!this.#closed) this.#batch.begin();
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
    if (series.at < 0) this.#place(series);
    else if (this.isCleared(series)) this.#zero(series);
    format.writeSlot(this.#records.view, series.at + slot * format.SLOT, value);
    if (!series.dirty) this.#touch(series);
  }

  writeExemplar(series: Series, index: number, exemplar: Exemplar): void {
    if (this.#closed || series.at < 0) return;
    const at = series.at + series.slots * format.SLOT + index * format.EXEMPLAR;
    writeExemplar(this.#records.memory, at, exemplar);
    this.#touch(series);
  }

  clear(series: Series): void {
    if (this.#closed || this.isCleared(series)) return;
    for (let slot = 0; slot < series.slots; slot++)
      format.clearSlot(this.#records.view, series.at + slot * format.SLOT);
    this.#cleared++;
    this.#touch(series);
  }

  /** Writes what has changed, now. Never throws. */
  flush(): void {
    if (this.#closed) return;
    try {
      this.beforeFlush?.();
      if (this.#dirty.length === 0) return;
      if (this.#file.isMissing()) this.#file.create(this.#layOut);
      else if (this.#isWasteful()) this.#file.replace(this.#layOut);
      else this.#file.write(this.#records, this.#dirty);
      for (const series of this.#dirty) series.dirty = false;
      this.#dirty = [];
    } catch (error) {
      this.#release();
      this.#onError(error);
    }
  }

  /** Writes what has changed and lets go of the file, which is then that of a dead process. */
  close(): void {
    this.flush();
    this.#release();
  }

  #release(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopAfterExit();
    this.#file.close();
  }

  #touch(series: Series): void {
    if (series.dirty) return;
    series.dirty = true;
    this.#dirty.push(series);
    this.schedule();
  }

  #place(series: Series): void {
    series.at = this.#records.appendSeries(series.family, series.labels, series.slots, series.exemplars);
    this.#series.push(series);
  }

  #zero(series: Series): void {
    for (let slot = 0; slot < series.slots; slot++) {
      format.writeSlot(this.#records.view, series.at + slot * format.SLOT, 0);
    }
    this.#cleared--;
  }

  /** A program that removes label sets and makes others must not grow its file for ever. */
  #isWasteful(): boolean {
    return this.#records.memory.length > this.#file.bytes && this.#cleared > this.#series.length / 2;
  }

  /** Makes all records anew, without the series that have been cleared. */
  readonly #layOut = (identity: Identity): Records => {
    const before = this.#records;
    const placed = this.#series;
    this.#records = new Records();
    this.#series = [];
    this.#cleared = 0;
    this.#records.appendJson(format.KIND.identity, identity);
    for (const meta of this.#families) this.#records.appendJson(format.KIND.family, meta);
    for (const series of placed) {
      const { at, slots, exemplars } = series;
      series.at = -1;
      if (format.isCleared(before.view, at)) continue;
      this.#place(series);
      before.memory.copy(this.#records.memory, series.at, at, at + slots * format.SLOT + exemplars * format.EXEMPLAR);
    }
    this.#records.commit();
    return this.#records;
  };
}
