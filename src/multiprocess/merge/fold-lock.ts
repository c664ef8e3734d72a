import { constants, fstatSync, openSync } from "node:fs";
import { join } from "node:path";
import { CAREFULLY } from "../store/careful.js";
import { close } from "../store/close.js";
import { RETAINED } from "../store/file-name.js";
import { kernelLocks } from "../store/lock.js";
import { makeFile } from "../store/make-file.js";
import { lockByFile } from "./lock-file.js";
import { isAt } from "./read-file.js";

/** The right to fold: one process of the machine has it at a time. */
export interface FoldLock {
  /** The retained file, open for reading. */
  fd: number;
  release(): void;
}

/** @returns undefined where another process has it. @throws where the directory cannot be written */
export function takeFoldLock(directory: string): FoldLock | undefined {
  const path = join(directory, RETAINED);
  const fd = open(path);
  let unlock: (() => void) | undefined;
  const release = () => {
    close(fd);
    unlock?.();
  };
  try {
    unlock = lock(fd, directory);
    // Whoever had it before may have put another file in the place of the one that is locked now.
    if (unlock !== undefined && isAt(path, fstatSync(fd))) return { fd, release };
  } catch (error) {
    release();
    throw error;
  }
  release();
  return undefined;
}

function lock(fd: number, directory: string): (() => void) | undefined {
  const locks = kernelLocks();
  if (locks === undefined) return lockByFile(directory);
  return locks.take(fd) ? () => {} : undefined;
}

/** Opened with O_CREAT alone it might be a file that another user has put there. */
function open(path: string): number {
  try {
    return openSync(path, constants.O_RDWR | CAREFULLY);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return makeFile(path, CAREFULLY);
  }
}
