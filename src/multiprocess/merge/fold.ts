import { closeSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { RETAINED } from "../store/format.js";
import { moveAside } from "./aside.js";
import { BadFile } from "./bad-file.js";
import { filesOf } from "./directory.js";
import { takeFoldLock } from "./fold-lock.js";
import { type Folded, nextFolded, nothingFolded } from "./folded.js";
import { Merge } from "./merge.js";
import { type Retained, retainedIn, writeRetained } from "./retained.js";
import type { Source } from "./source.js";

/**
 * Adds the files of dead processes to the retained file and removes them, and moves bad files aside. A process that is
 * killed in the midst of it loses and doubles nothing: the new retained file appears whole, names the files that are in it,
 * and readers leave those out until they are gone. Does nothing where another process is at it.
 * @param dead files that have been read after their writers had died
 * @param aside names of bad files
 * @throws where the directory cannot be written
 */
export function fold(directory: string, dead: ReadonlyMap<string, Source>, aside: readonly string[]): void {
  const lock = takeFoldLock(directory);
  if (lock === undefined) return;
  try {
    const { folded: last, source } = readOrMoveAside(directory, lock.fd);
    const present = new Set(filesOf(directory));
    const isNew = (name: string) => present.has(name) && !last.gone.has(name);
    const added = [...dead.keys()].filter(isNew);
    const moved = aside.filter(isNew);
    const sources = added.map((name) => dead.get(name) as Source);
    let next = last;
    if (added.length > 0 || moved.length > 0 || last.generation === 0) {
      const merge = new Merge();
      merge.add(source === undefined ? sources : [source, ...sources], () => false);
      next = nextFolded(last, added, moved, present);
      const file = writeRetained(directory, next, merge.current());
      removeFiles(directory, next, present, moved);
      closeSync(file.fd);
    } else {
      removeFiles(directory, next, present, moved);
    }
  } finally {
    lock.release();
  }
}

function readOrMoveAside(directory: string, fd: number): Retained {
  try {
    return retainedIn(fd);
  } catch (error) {
    if (!(error instanceof BadFile)) throw error;
    moveAside(directory, RETAINED);
    return { folded: { ...nothingFolded(), badFiles: 1 }, source: undefined };
  }
}

function removeFiles(directory: string, { gone }: Folded, present: Iterable<string>, aside: readonly string[]): void {
  for (const name of present) {
    if (aside.includes(name)) moveAside(directory, name);
    else if (gone.has(name)) remove(join(directory, name));
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It stays named in the retained file for as long as it is there.
  }
}
