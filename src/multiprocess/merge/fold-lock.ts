import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { RETAINED } from "../store/format.js";
import { newIdentity } from "../store/identity.js";
import { kernelLocks } from "../store/lock.js";
import { identityOf } from "./check-meta.js";
import { isRunning } from "./liveness.js";

/** The right to fold: one process of the machine has it at a time. */
export interface FoldLock {
  /** The retained file, open for reading. */
  fd: number;
  release(): void;
}

/** @returns undefined where another process has it. @throws where the directory cannot be written */
export function takeFoldLock(directory: string): FoldLock | undefined {
  const path = join(directory, RETAINED);
  const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK, 0o640);
  const locks = kernelLocks();
  const unlock = locks === undefined ? lockByFile(directory) : locks.take(fd) ? () => {} : undefined;
  // Whoever had it before may have put another file in the place of the one that is locked now.
  if (unlock !== undefined && statSync(path, { throwIfNoEntry: false })?.ino === fstatSync(fd).ino) {
    return {
      fd,
      release() {
        closeSync(fd);
        unlock();
      },
    };
  }
  closeSync(fd);
  unlock?.();
  return undefined;
}

/** For platforms without kernel locks: a file that says who holds it. */
function lockByFile(directory: string): (() => void) | undefined {
  const path = join(directory, `${RETAINED}.lock`);
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const fd = openSync(path, "wx", 0o640);
      writeSync(fd, JSON.stringify(newIdentity()));
      closeSync(fd);
      return () => unlinkSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST" || !removeStale(path)) return undefined;
    }
  }
  return undefined;
}

function removeStale(path: string): boolean {
  try {
    const holder = readFileSync(path);
    if (isRunning(identityOf(holder))) return false;
    const taken = `${path}.${newIdentity().random}`;
    renameSync(path, taken);
    // Another process may have been as quick, and have made its own.
    const stale = readFileSync(taken).equals(holder);
    if (stale) unlinkSync(taken);
    else renameSync(taken, path);
    return stale;
  } catch {
    return false;
  }
}
