import { closeSync, constants, openSync, readdirSync, statSync, unlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { EXTENSION, RETAINED } from "../store/format.js";
import { kernelLocks } from "../store/lock.js";
import { UNFINISHED } from "../store/own-file.js";

/** Names of the processes' files; none where there is no such directory. */
export function filesOf(directory: string): string[] {
  return namesIn(directory).filter((name) => name.endsWith(EXTENSION) && name !== RETAINED);
}

/** Removes what writers that were killed have not finished. */
export function removeUnfinished(directory: string): void {
  for (const name of namesIn(directory)) if (name.endsWith(UNFINISHED)) removeAbandoned(join(directory, name));
}

/** Tells the processes that somebody has read their files. */
export function leaveMark(directory: string): void {
  try {
    const now = new Date();
    utimesSync(directory, now, now);
  } catch {
    // Not the owner: the processes do not wait for it.
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** Milliseconds after which an unfinished file is abandoned, where no lock tells. */
export const ABANDONED = 60_000;

/** A writer whose file goes while it makes it makes another. */
function removeAbandoned(path: string): void {
  try {
    const locks = kernelLocks();
    if (locks === undefined) {
      if (Date.now() - statSync(path).mtimeMs > ABANDONED) unlinkSync(path);
      return;
    }
    const fd = openSync(path, constants.O_RDWR | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      if (locks.take(fd)) unlinkSync(path);
    } finally {
      closeSync(fd);
    }
  } catch {
    // It has been finished, or is not ours to remove.
  }
}
