import { unlinkSync } from "node:fs";
import { join } from "node:path";
import { atOnce } from "../slices.js";
import { close } from "../store/close.js";
import { namesIn, RETAINED } from "../store/file-name.js";
import { FLAG, VERSION } from "../store/format.js";
import { moveAside } from "./aside.js";
import { BadFile, NewerFile } from "./bad-file.js";
import { isEnough } from "./enough.js";
import type { Families } from "./families.js";
import { takeFoldLock } from "./fold-lock.js";
import { nextFolded, nothingFolded } from "./folded.js";
import { type HeldFile, holdFile } from "./held-file.js";
import { Merge } from "./merge.js";
import type { Mark } from "./read-file.js";
import { type Retained, type RetainedContent, retainedIn, writeRetained } from "./retained.js";
import { Source } from "./source.js";

/** Files that are held at a time: a process may not open many. */
const AT_ONCE = 64;

/** What there is to fold, by name. All of it is of the format that this version writes. */
export interface Leftovers {
  /** Files that have been read after their writers had died. */
  dead: ReadonlyMap<string, Source>;
  /** Damaged ones that nobody writes, as they were when that was found. */
  condemned: ReadonlyMap<string, Mark>;
  /** Those that nobody came to write. */
  abandoned: readonly string[];
  /** What the retained file was read as. */
  retained?: Retained;
}

/** Whether it is time to fold. */
export function isDue({ dead, condemned, abandoned }: Leftovers, { folded, source }: Retained): boolean {
  if (condemned.size + abandoned.length > 0) return true;
  let bytes = 0;
  for (const [name, { end }] of dead) {
    // One that was killed while it folded has not got to it.
    if (folded.gone.has(name)) return true;
    bytes += end;
  }
  return isEnough(dead.size, bytes, source?.end ?? 0);
}

/**
 * Adds the files of dead processes to the retained file and removes them, and moves bad files aside. A process that is
 * killed in the midst of it loses and doubles nothing: the new retained file appears whole, names the files that are in it,
 * and readers leave those out until they are gone. Does nothing where another process is at it.
 * @param into what the files were read for
 * @param change what to make of the content
 * @returns whether this process has been at it
 * @throws where the directory cannot be written
 */
export function fold(
  directory: string,
  found: Leftovers,
  into: Families,
  change?: (content: Iterable<RetainedContent>) => Iterable<RetainedContent>,
): boolean {
  const lock = takeFoldLock(directory);
  if (lock === undefined) return false;
  const held = new Map<string, HeldFile>();
  try {
    const { folded: last, source: retained } = readOrMoveAside(directory, lock.fd, found, into);
    const present = new Set([...namesIn(directory)].filter(([, { kind }]) => kind === "process").map(([name]) => name));
    const isNew = (name: string) => present.has(name) && !last.gone.has(name);
    const sources = new Map<string, Source>();
    for (const [name, source] of found.dead) {
      if (held.size === AT_ONCE) break;
      if (isNew(name)) hold(directory, name, source, held, sources);
    }
    const moved = [...found.condemned].filter(([name, mark]) => isNew(name) && isStill(directory, name, mark));
    const aside = moved.map(([name]) => name);
    let next = last;
    if (sources.size > 0 || aside.length > 0 || last.generation === 0 || change !== undefined) {
      const dead = [...sources.values()].sort(Source.byAge);
      const all = retained === undefined ? dead : [retained, ...dead];
      next = nextFolded(last, namesOf(sources, found), aside, present);
      const errors = all.reduce((sum, { status }) => sum + status.errors, 0);
      const content = contentOf(all, into);
      close(writeRetained(directory, next, errors, change?.(content) ?? content).fd);
    }
    for (const name of next.gone.keys()) {
      if (!present.has(name)) continue;
      if (next.aside.has(name)) moveAside(directory, name);
      else remove(directory, name, held);
    }
    for (const name of found.abandoned) remove(directory, name, held);
  } finally {
    for (const file of held.values()) file.close();
    lock.release();
  }
  return true;
}

/** Those that are folded, and those that are there again of what their processes have had before. */
function namesOf(sources: ReadonlyMap<string, Source>, { abandoned }: Leftovers): string[] {
  const before = [...sources.values()].flatMap(({ identity }) => identity?.before ?? []);
  return [...sources.keys(), ...before.filter((name) => abandoned.includes(name))];
}

/** What is of one name stays as many metrics as scrapes may ask for alone. */
function* contentOf(sources: readonly Source[], into: Families): Generator<RetainedContent> {
  const merge = new Merge(into);
  const all = sources.flatMap(({ families }) => families);
  for (const registry of [undefined, "custom"]) {
    for (const apart of [0, FLAG.apart]) {
      if (!all.some(({ meta, flags }) => meta.registry === registry && (flags & FLAG.apart) === apart)) continue;
      atOnce(
        merge.add(
          sources,
          () => false,
          (meta, isApart) => meta.registry === registry && isApart === apart > 0,
        ),
      );
      for (const [meta, series] of merge.current()) yield [meta, series, apart];
    }
  }
}

/** Reads it again: whoever has read it did not keep its writer from coming back. */
function hold(
  directory: string,
  name: string,
  source: Source,
  held: Map<string, HeldFile>,
  sources: Map<string, Source>,
): void {
  const file = holdFile(directory, name);
  if (file === undefined) return;
  held.set(name, file);
  try {
    if (atOnce(source.read(file.fd)) === "whole") sources.set(name, source);
  } catch (error) {
    if (!(error instanceof BadFile || error instanceof NewerFile)) throw error;
  }
}

function isStill(directory: string, name: string, mark: Mark): boolean {
  const file = holdFile(directory, name);
  file?.close();
  return file !== undefined && isSame(file.mark, mark);
}

export function isSame(one: Mark, other: Mark): boolean {
  return one.inode === other.inode && one.bytes === other.bytes && one.mtimeMs === other.mtimeMs;
}

function readOrMoveAside(directory: string, fd: number, found: Leftovers, into: Families): Retained {
  try {
    return atOnce(retainedIn(fd, VERSION, into, found.retained?.source));
  } catch (error) {
    if (!(error instanceof BadFile) || !found.condemned.has(RETAINED)) throw error;
    moveAside(directory, RETAINED);
    return { folded: { ...nothingFolded(), badFiles: 1 }, source: undefined };
  }
}

/** One that cannot be removed stays named in the retained file for as long as it is there. */
function remove(directory: string, name: string, held: ReadonlyMap<string, HeldFile>): void {
  const file = held.get(name) ?? holdFile(directory, name);
  try {
    if (file !== undefined) unlinkSync(join(directory, name));
  } catch {
    // A directory that lets files be replaced and not removed.
  }
  if (!held.has(name)) file?.close();
}
