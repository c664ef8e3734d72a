import { closeSync, ftruncateSync } from "node:fs";
import type { Exemplar } from "../family.js";
import { type Meta, slotsOf } from "../meta.js";
import { dirtyRanges } from "./dirty-ranges.js";
import { writeExemplar } from "./exemplar.js";
import * as format from "./format.js";
import { type Identity, newIdentity } from "./identity.js";
import { makeDirectory } from "./make-directory.js";
import { createFile, isInPlace, type OwnFile, writeAll } from "./own-file.js";
import { Records } from "./records.js";
import { Series } from "./series.js";

/** Milliseconds between two looks at whether the file is still in its place. */
const LOOK_EVERY = 1000;

/**
 * The metrics of one thread, in a file of its own. All of it is in memory too; what changed in a tick is written at the end
 * of the tick, which is when all its callbacks and promise reactions have run.
 */
export class Store {
  /** Called at the start of every flush, to bring in what has changed. */
  beforeFlush: (() => void) | undefined;
  readonly #directory: string;
  readonly #onError: (error: unknown) => void;
  readonly #families: Meta[] = [];
  readonly #numbers = new Map<string, number>();
  #series: Series[] = [];
  #cleared = 0;
  #dirty: Series[] = [];
  #records = new Records();
  /** Where the file's own records end. */
  #committed = format.HEADER;
  #fileBytes = 0;
  #file: OwnFile | undefined;
  #identity: Identity | undefined;
  #lookedAt = 0;
  #scheduled = false;
  #exiting = false;
  #closed = false;

  /**
   * Does nothing to the disk until something is recorded.
   * @param directory is made, for this user alone, where it is not there
   * @param onError takes the first error of the disk; the store is then closed, and what is set in it stays in memory
   */
  constructor(directory: string, onError: (error: unknown) => void) {
    this.#directory = directory;
    this.#onError = onError;
    process.on("exit", this.#onExit);
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

  /** Has what changed written at the end of the tick. */
  schedule(): void {
    if (this.#exiting) this.flush();
    if (this.#scheduled || this.#closed) return;
    this.#scheduled = true;
    // A tick callback that is added by a promise reaction runs after all of them.
    queueMicrotask(() => process.nextTick(this.#flushTick));
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
      if (this.#file === undefined || this.#wasMoved()) this.#openFile(newIdentity());
      else if (this.#records.memory.length > this.#fileBytes) this.#grow(this.#file);
      else this.#writeDirty(this.#file);
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

  readonly #flushTick = (): void => {
    this.#scheduled = false;
    this.flush();
  };

  readonly #onExit = (): void => {
    this.flush();
    // Other listeners may still record.
    this.#exiting = true;
  };

  #release(): void {
    if (this.#closed) return;
    this.#closed = true;
    process.removeListener("exit", this.#onExit);
    if (this.#file !== undefined) closeSync(this.#file.fd);
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

  /** Whether another process has moved the file aside, or somebody has removed it. */
  #wasMoved(): boolean {
    const now = Date.now();
    if (Math.abs(now - this.#lookedAt) < LOOK_EVERY) return false;
    this.#lookedAt = now;
    return !isInPlace(this.#file as OwnFile);
  }

  #openFile(identity: Identity, path?: string): void {
    makeDirectory(this.#directory);
    this.#layOut(identity);
    const { memory, end } = this.#records;
    const file = createFile(this.#directory, identity, memory.subarray(0, end), memory.length, path);
    if (this.#file !== undefined) closeSync(this.#file.fd);
    this.#file = file;
    this.#identity = identity;
    // Again, to come after the listeners that the app has added meanwhile.
    process.removeListener("exit", this.#onExit);
    process.on("exit", this.#onExit);
    this.#fileBytes = memory.length;
    this.#committed = end;
    this.#lookedAt = Date.now();
  }

  /** Writes all records anew, without the series that have been cleared. */
  #layOut(identity: Identity): void {
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
  }

  #grow(file: OwnFile): void {
    // A program that removes label sets and makes others must not grow its file for ever.
    if (this.#cleared > this.#series.length / 2) {
      this.#openFile(this.#identity as Identity, file.path);
      return;
    }
    ftruncateSync(file.fd, this.#records.memory.length);
    this.#fileBytes = this.#records.memory.length;
    this.#writeDirty(file);
  }

  /** Records count once the end behind them is written, so a writer that is killed between leaves a good file. */
  #writeDirty(file: OwnFile): void {
    const { memory, end } = this.#records;
    const write = (from: number, to: number) => writeAll(file.fd, memory, from, to, from);
    const older = this.#dirty.filter(({ at }) => at < this.#committed);
    for (const [from, to] of dirtyRanges(older)) write(from, to);
    if (end === this.#committed) return;
    write(this.#committed, end);
    this.#records.commit();
    write(format.END_AT, format.END_AT + format.SLOT);
    this.#committed = end;
  }
}
