import { fstatSync, readSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { close } from "./close.js";
import { processName, unfinishedName } from "./file-name.js";
import type { Identity } from "./identity.js";
import { kernelLocks } from "./lock.js";
import { makeFile } from "./make-file.js";

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
 * @param path an existing file to put it in the place of
 * @throws when the directory or the disk refuses
 */
export function createFile(
  directory: string,
  identity: Identity,
  content: Buffer,
  path = join(directory, processName(identity)),
): OwnFile {
  for (let attempt = 1; ; attempt++) {
    const unfinished = join(directory, unfinishedName(identity, attempt));
    const fd = makeFile(unfinished);
    try {
      // A reader may have taken it for abandoned before it was locked, and locks it to remove it.
      if (kernelLocks()?.take(fd) === false) throw Object.assign(new Error("it is locked"), { code: "ENOENT" });
      writeAll(fd, content, 0, content.length);
      const inode = fstatSync(fd).ino;
      // Nothing after it may fail: others take it from here on.
      renameSync(unfinished, path);
      return { fd, path, inode };
    } catch (error) {
      close(fd);
      rmSync(unfinished, { force: true });
      if (attempt === ATTEMPTS || !isTaken(error)) throw error;
    }
  }
}

/** Whether a file is still where it was made and as it was, or harmed: cut short, or written over; or moved away or removed. */
export type Standing = "whole" | "harmed" | "gone";

/**
 * Never throws: where nobody may look any more, as after a setuid, an open file still takes what is written.
 * @param bytes how long it is at least
 * @param head what it begins with
 */
export function placeOf({ fd, path, inode }: OwnFile, bytes: number, head: Buffer): Standing {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.ino !== inode) return "gone";
    if (stat.size < bytes) return "harmed";
    const found = Buffer.alloc(head.length);
    readSync(fd, found, 0, found.length, 0);
    return found.equals(head) ? "whole" : "harmed";
  } catch {
    return "whole";
  }
}

/** Writes a part of what is in memory to the same place of the file. */
export function writeAll(fd: number, memory: Buffer, start: number, end: number): void {
  for (let done = start; done < end; ) done += writeSync(fd, memory, done, end - done, done);
}
