import { writeSync } from "node:fs";
import { timeOfDay } from "../../timers.js";
import { close } from "./close.js";
import { dirtyRanges, type Place } from "./dirty-ranges.js";
import { processName } from "./file-name.js";
import * as format from "./format.js";
import { type Identity, newIdentity } from "./identity.js";
import { makeDirectory } from "./make-directory.js";
import { type Beginning, beginningOf, createFile, type OwnFile, placeOf, type Standing, writeAll } from "./own-file.js";
import type { Records } from "./records.js";
import { distrust } from "./trust.js";

/** Milliseconds between two looks at whether the file is still in its place. */
export const LOOK_EVERY_MS = 1000;

/** What the first page says of the writer. */
export interface Status {
  state: number;
  errors: number;
  waiting: number;
}

const EMPTY = Buffer.alloc(0);

/** Names of files that a process has had, of which it says that they are its own. */
const MOST_BEFORE = 16;

/** Brings records to the file of this thread. Whatever the disk refuses, its methods throw; they may be called again. */
export class FileWriter {
  /** Where the records that are in the file end; 0 while nothing is. */
  committed = 0;
  /** Up to here the file was written: there it takes what is written on a full disk too. */
  bytes = 0;
  readonly #directory: string;
  #file: OwnFile | undefined;
  #identity: Identity | undefined;
  #beginning: Beginning = beginningOf(EMPTY);
  #standing: Standing = "gone";
  #lookedAtMs = 0;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Whether it has a file, if an empty one. */
  get exists(): boolean {
    return this.#file !== undefined;
  }

  /** Whether others can see what is in it, as of the last look. */
  get isSeen(): boolean {
    return this.committed > 0 && this.#standing !== "gone";
  }

  /**
   * Looks at whether it is still whole and in its place, at most once a second.
   * @param now without regard to the last look
   */
  place(now = false): Standing {
    if (this.#file === undefined) return "gone";
    const time = timeOfDay();
    if (!now && Math.abs(time - this.#lookedAtMs) < LOOK_EVERY_MS) return this.#standing;
    this.#lookedAtMs = time;
    this.#standing = placeOf(this.#file, this.bytes, this.#beginning);
    return this.#standing;
  }

  /**
   * Makes a file of its own, under a new identity. Where the disk is full an empty one says that this process has none. The
   * one before is kept until there is another: its directory may come back.
   */
  create(recordsOf: (identity: Identity) => Records): void {
    const before = this.#file;
    try {
      this.#createAnew(recordsOf);
    } finally {
      if (before !== undefined && before !== this.#file) leave(before);
    }
  }

  #createAnew(recordsOf: (identity: Identity) => Records): void {
    makeDirectory(this.#directory);
    const reason = distrust(this.#directory);
    if (reason !== undefined) throw new Error(`it ${reason}`);
    const identity = { ...newIdentity(), before: this.#namesBefore() };
    const records = recordsOf(identity);
    try {
      this.#put(identity, records);
    } catch (error) {
      this.#take(createFile(this.#directory, identity, EMPTY), identity, EMPTY, 0);
      throw error;
    }
  }

  #namesBefore(): string[] {
    const last = this.#identity;
    return last === undefined ? [] : [...(last.before ?? []), processName(last)].slice(-MOST_BEFORE);
  }

  /** Puts another file in the place of the one that there is. */
  replace(recordsOf: (identity: Identity) => Records): void {
    const [identity, before, standing] = [this.#identity as Identity, this.#file as OwnFile, this.#standing];
    this.#put(identity, recordsOf(identity), before.path);
    if (standing === "copied") leave(before);
    else close(before.fd);
  }

  /** Writes what has a place in the file already: a full disk takes it. */
  update({ memory }: Records, dirty: readonly Place[]): void {
    const { fd } = this.#file as OwnFile;
    const known = dirty.filter(({ at }) => at < this.committed);
    for (const [from, to] of dirtyRanges(known)) writeAll(fd, memory, from, to);
  }

  /** Records count once the end behind them is written, so a writer that is killed between leaves a good file. */
  append(records: Records): void {
    const { memory, end } = records;
    const { fd } = this.#file as OwnFile;
    const room = end > this.bytes ? withReserve(records) : end;
    writeAll(fd, memory, this.committed, room);
    this.bytes = Math.max(this.bytes, room);
    records.commit();
    writeAll(fd, memory, format.END_AT, format.END_AT + format.SLOT);
    this.committed = end;
  }

  /** Says how it stands. */
  tell({ memory, view }: Records, { state, errors, waiting }: Status): void {
    if (this.#file === undefined || this.committed === 0) return;
    format.writeSlot(view, format.STATE_AT, state);
    if (waiting === 0) format.writeSlot(view, format.WRITTEN_AT, timeOfDay());
    format.writeSlot(view, format.ERRORS_AT, errors);
    format.writeSlot(view, format.WAITING_AT, waiting);
    writeAll(this.#file.fd, memory, format.STATE_AT, format.HEAD);
  }

  close(): void {
    if (this.#file !== undefined) close(this.#file.fd);
    this.#file = undefined;
    this.committed = 0;
  }

  #put(identity: Identity, records: Records, path?: string): void {
    const bytes = withReserve(records);
    records.commit();
    format.writeSlot(records.view, format.WRITTEN_AT, timeOfDay());
    const content = records.memory.subarray(0, bytes);
    this.#take(createFile(this.#directory, identity, content, path), identity, content, records.end);
  }

  #take(file: OwnFile, identity: Identity, content: Buffer, committed: number): void {
    this.#file = file;
    this.#identity = identity;
    this.#beginning = beginningOf(content);
    this.#standing = "whole";
    this.committed = committed;
    this.bytes = content.length;
    this.#lookedAtMs = timeOfDay();
  }
}

/** Its directory may have been moved away, and come back: what it has must not count twice then. */
function leave({ fd }: OwnFile): void {
  const slot = Buffer.alloc(format.SLOT);
  format.writeSlot(format.viewOf(slot), 0, format.STATE.moved);
  try {
    writeSync(fd, slot, 0, slot.length, format.STATE_AT);
  } catch {
    // Most likely it is gone for good.
  }
  close(fd);
}

/** Room for what is still to come: a quarter, in whole pages. */
function withReserve({ end, memory }: Records): number {
  const pages = Math.ceil((end * 1.25) / format.HEADER);
  return Math.min(memory.length, pages * format.HEADER);
}
