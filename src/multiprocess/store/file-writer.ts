import { closeSync, ftruncateSync } from "node:fs";
import { dirtyRanges } from "./dirty-ranges.js";
import { END_AT, HEADER, SLOT } from "./format.js";
import { type Identity, newIdentity } from "./identity.js";
import { makeDirectory } from "./make-directory.js";
import { createFile, isInPlace, type OwnFile, writeAll } from "./own-file.js";
import type { Records } from "./records.js";
import type { Series } from "./series.js";

/** Milliseconds between two looks at whether the file is still in its place. */
const LOOK_EVERY = 1000;

/** Brings records to the file of this thread. Whatever the disk refuses, its methods throw. */
export class FileWriter {
  /** Size of the file. */
  bytes = 0;
  readonly #directory: string;
  #file: OwnFile | undefined;
  #identity: Identity | undefined;
  /** Where the file's own records end. */
  #committed = HEADER;
  #lookedAt = 0;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Whether there is no file yet, or another process has moved it aside, or somebody has removed it. */
  isMissing(): boolean {
    if (this.#file === undefined) return true;
    const now = Date.now();
    if (Math.abs(now - this.#lookedAt) < LOOK_EVERY) return false;
    this.#lookedAt = now;
    return !isInPlace(this.#file);
  }

  /** Makes a file of its own, under a new identity. */
  create(recordsOf: (identity: Identity) => Records): void {
    makeDirectory(this.#directory);
    this.#put(newIdentity(), recordsOf);
  }

  /** Puts another file in the place of the one that there is. */
  replace(recordsOf: (identity: Identity) => Records): void {
    this.#put(this.#identity as Identity, recordsOf, this.#file?.path);
  }

  /** Records count once the end behind them is written, so a writer that is killed between leaves a good file. */
  write(records: Records, dirty: readonly Series[]): void {
    const { memory, end } = records;
    const { fd } = this.#file as OwnFile;
    const write = (from: number, to: number) => writeAll(fd, memory, from, to, from);
    if (memory.length > this.bytes) ftruncateSync(fd, memory.length);
    this.bytes = memory.length;
    const older = dirty.filter(({ at }) => at < this.#committed);
    for (const [from, to] of dirtyRanges(older)) write(from, to);
    if (end === this.#committed) return;
    write(this.#committed, end);
    records.commit();
    write(END_AT, END_AT + SLOT);
    this.#committed = end;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file.fd);
    this.#file = undefined;
  }

  #put(identity: Identity, recordsOf: (identity: Identity) => Records, path?: string): void {
    const { memory, end } = recordsOf(identity);
    const file = createFile(this.#directory, identity, memory.subarray(0, end), memory.length, path);
    this.close();
    this.#file = file;
    this.#identity = identity;
    this.bytes = memory.length;
    this.#committed = end;
    this.#lookedAt = Date.now();
  }
}
