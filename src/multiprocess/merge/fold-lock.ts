import { closeSync, constants, fstatSync, openSync, statSync } from "node:fs";
import { join } from "node:path";
import { RETAINED } from "../store/file-name.js";
import { kernelLocks } from "../store/lock.js";
import { fileMode } from "../store/trust.js";
import { CAREFULLY } from "./careful.js";
import { lockByFile } from "./lock-file.js";

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

/** Opened with O_CREAT alone it might be a file that another user has put there. */
function open(path: string): number {
  try {
    return openSync(path, constants.O_RDWR | CAREFULLY);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | CAREFULLY, fileMode());
  }
}
