import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { EXTENSION } from "./format.js";
import type { Identity } from "./identity.js";
import { kernelLocks } from "./lock.js";

/** A file that is still being made. */
export const UNFINISHED = `${EXTENSION}.new`;

/** The open file of this thread. While it is open it is locked, which tells readers that the writer lives. */
export interface OwnFile {
  fd: number;
  path: string;
  inode: number;
}

const ATTEMPTS = 10;

function isTaken(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}

/**
 * Makes a file with the given content, which appears in the directory whole and locked.
 * @param bytes size to give it, at least that of the content
 * @param path an existing file to put it in the place of
 * @throws when the directory or the disk refuses
 */
export function createFile(
  directory: string,
  { pid, threadId, random }: Identity,
  content: Buffer,
  bytes: number,
  path = join(directory, `${pid}-${threadId}-${random}${EXTENSION}`),
): OwnFile {
  for (let attempt = 1; ; attempt++) {
    const unfinished = join(directory, `${pid}-${threadId}-${random}-${attempt}${UNFINISHED}`);
    const fd = openSync(unfinished, constants.O_CREAT | constants.O_EXCL | constants.O_RDWR, 0o640);
    try {
      // A reader may have taken it for abandoned before it was locked, and locks it to remove it.
      if (kernelLocks()?.take(fd) === false) throw Object.assign(new Error("it is locked"), { code: "ENOENT" });
      ftruncateSync(fd, bytes);
      writeAll(fd, content, 0, content.length, 0);
      renameSync(unfinished, path);
      return { fd, path, inode: fstatSync(fd).ino };
    } catch (error) {
      closeSync(fd);
      rmSync(unfinished, { force: true });
      if (attempt === ATTEMPTS || !isTaken(error)) throw error;
    }
  }
}

/** Whether the file is still where it was made: it may have been moved aside, or removed with its directory. */
export function isInPlace({ path, inode }: OwnFile): boolean {
  return statSync(path, { throwIfNoEntry: false })?.ino === inode;
}

export function writeAll(fd: number, from: Buffer, start: number, end: number, at: number): void {
  for (let done = start; done < end; ) done += writeSync(fd, from, done, end - done, at + done - start);
}
