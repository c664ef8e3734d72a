import { constants, fstatSync, openSync, type Stats } from "node:fs";
import { join } from "node:path";
import { isOwn, type Meta, slotsOf } from "../meta.js";
import type { Slices } from "../slices.js";
import { CAREFULLY } from "../store/careful.js";
import { close } from "../store/close.js";
import { writeExemplar } from "../store/exemplar.js";
import { RETAINED, retainedName } from "../store/file-name.js";
import { ERRORS_AT, EXEMPLAR, KIND, SLOT, writeSlot } from "../store/format.js";
import { newIdentity } from "../store/identity.js";
import { createFile, type OwnFile } from "../store/own-file.js";
import { Records } from "../store/records.js";
import { bad } from "./bad-file.js";
import type { Families } from "./families.js";
import { type Folded, nothingFolded, toJson } from "./folded.js";
import type { Content } from "./merge.js";
import type { MergedSeries } from "./merged-series.js";
import { Source } from "./source.js";

/** What is retained of dead processes, and of which. */
export interface Retained {
  folded: Folded;
  /** Undefined where nothing is. */
  source: Source | undefined;
}

/**
 * Reads the retained file of a format.
 * @param into what its series belong to
 * @param last what was read of it before
 * @throws {BadFile}
 */
export function* readRetained(directory: string, format: number, into: Families, last?: Source): Slices<Retained> {
  let fd: number;
  try {
    fd = openSync(join(directory, retainedName(format)), constants.O_RDONLY | CAREFULLY);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { folded: nothingFolded(), source: undefined };
    throw error;
  }
  try {
    return yield* retainedIn(fd, format, into, last);
  } finally {
    close(fd);
  }
}

/** The same of a file that is open already. */
export function* retainedIn(fd: number, format: number, into: Families, last?: Source): Slices<Retained> {
  const stat = fstatSync(fd);
  if (!stat.isFile()) throw new Error("it is not a file");
  // It is made empty, for its lock.
  if (stat.size === 0) return { folded: nothingFolded(), source: undefined };
  // Once it is in its place it never changes.
  if (last?.folded !== undefined && inodes.get(last) === inodeOf(stat)) return { folded: last.folded, source: last };
  const source = new Source(into, format);
  if ((yield* source.read(fd)) !== "whole") bad("a value is damaged");
  inodes.set(source, inodeOf(stat));
  return { folded: source.folded ?? bad("it says not what was folded"), source };
}

/** Where each has been read. */
const inodes = new WeakMap<Source, string>();

function inodeOf({ dev, ino, size, mtimeMs }: Stats): string {
  return [dev, ino, size, mtimeMs].join();
}

/** The same, and what is kept to be said of it. */
export type RetainedContent = [...content: Content, flags: number];

/** Series of dead processes that are kept of a gauge that has some for every process that ever was. */
const MOST_PER_GAUGE = 1000;

/**
 * Puts another retained file in the place of the last one.
 * @param errors what all dead processes together could not write
 * @returns the new file, locked
 */
export function writeRetained(
  directory: string,
  folded: Folded,
  errors: number,
  content: Iterable<RetainedContent>,
): OwnFile {
  const records = new Records();
  records.appendJson(KIND.folded, toJson(folded));
  let number = 0;
  for (const [meta, all, flags] of content) {
    records.appendFamily(meta, flags);
    for (const series of isOwn(meta) ? [...all].slice(-MOST_PER_GAUGE) : all) append(records, number, meta, series);
    number++;
  }
  records.commit();
  writeSlot(records.view, ERRORS_AT, errors);
  return createFile(directory, newIdentity(), records.memory.subarray(0, records.end), join(directory, RETAINED));
}

/** Both halves of each total, so that what is added to it later is added to all of its digits. */
function append(
  records: Records,
  family: number,
  meta: Meta,
  { labels, order, high, low, exemplars }: MergedSeries,
): void {
  const length = slotsOf(meta);
  const at = records.appendSeries(family, { text: labels, order }, length * 2, exemplars.length);
  for (let i = 0; i < length; i++) {
    writeSlot(records.view, at + i * SLOT, high[i] as number);
    writeSlot(records.view, at + (length + i) * SLOT, low[i] as number);
  }
  const exemplarsAt = at + length * 2 * SLOT;
  for (const [i, exemplar] of exemplars.entries()) {
    if (exemplar !== undefined) writeExemplar(records.memory, exemplarsAt + i * EXEMPLAR, exemplar);
  }
}
