import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { join } from "node:path";
import { type Meta, slotsOf } from "../meta.js";
import { writeExemplar } from "../store/exemplar.js";
import { EXEMPLAR, KIND, RETAINED, SLOT, writeSlot } from "../store/format.js";
import { newIdentity } from "../store/identity.js";
import { createFile, type OwnFile } from "../store/own-file.js";
import { Records } from "../store/records.js";
import { bad } from "./bad-file.js";
import { type Folded, nothingFolded, toJson } from "./folded.js";
import { RULES } from "./gauges.js";
import type { MergedSeries } from "./merged-series.js";
import { Source } from "./source.js";

/** What is retained of dead processes, and of which. */
export interface Retained {
  folded: Folded;
  /** Undefined where nothing is. */
  source: Source | undefined;
}

/**
 * Reads the retained file. Once it is in its place it never changes.
 * @param last what was read of it before
 * @throws {BadFile}
 */
export function readRetained(directory: string, last?: Source): Retained {
  let fd: number;
  try {
    fd = openSync(join(directory, RETAINED), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { folded: nothingFolded(), source: undefined };
    throw error;
  }
  try {
    return retainedIn(fd, last);
  } finally {
    closeSync(fd);
  }
}

/** The same of a file that is open already. */
export function retainedIn(fd: number, source = new Source()): Retained {
  const stat = fstatSync(fd);
  if (!stat.isFile()) bad("it is not a file");
  // It is made empty, for its lock.
  if (stat.size === 0) return { folded: nothingFolded(), source: undefined };
  if (!source.read(fd)) bad("a value is damaged");
  return { folded: source.folded ?? bad("it says not what was folded"), source };
}

/** Series of dead processes that are kept of a gauge that has some for every process that ever was. */
const MOST_PER_GAUGE = 1000;

/**
 * Puts another retained file in the place of the last one.
 * @returns the new file, locked
 */
export function writeRetained(directory: string, folded: Folded, content: Iterable<[Meta, MergedSeries[]]>): OwnFile {
  const records = new Records();
  records.appendJson(KIND.folded, toJson(folded));
  const families = [...content];
  for (const [meta] of families) records.appendJson(KIND.family, meta);
  for (const [number, [meta, all]] of families.entries()) {
    const isEndless = meta.mode !== undefined && RULES[meta.mode].own === true;
    for (const series of isEndless ? all.slice(-MOST_PER_GAUGE) : all) append(records, number, meta, series);
  }
  records.commit();
  const { memory, end } = records;
  return createFile(directory, newIdentity(), memory.subarray(0, end), end, join(directory, RETAINED));
}

/** Both halves of each total, so that what is added to it later is added to all of its digits. */
function append(records: Records, family: number, meta: Meta, { labels, totals, exemplars }: MergedSeries): void {
  const length = slotsOf(meta);
  const at = records.appendSeries(family, labels, length * 2, exemplars.length);
  for (let i = 0; i < length; i++) {
    writeSlot(records.view, at + i * SLOT, totals.high[i] as number);
    writeSlot(records.view, at + (length + i) * SLOT, totals.low[i] as number);
  }
  const exemplarsAt = at + length * 2 * SLOT;
  for (const [i, exemplar] of exemplars.entries()) {
    if (exemplar !== undefined) writeExemplar(records.memory, exemplarsAt + i * EXEMPLAR, exemplar);
  }
}
