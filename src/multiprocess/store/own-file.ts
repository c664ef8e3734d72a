import { constants, fstatSync, lstatSync, openSync, readSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { CAREFULLY } from "./careful.js";
import { close } from "./close.js";
import { processName, unfinishedName } from "./file-name.js";
import * as format from "./format.js";
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
      const inode = fstatSync(fd).ino;
      if (content.length >= format.HEAD) format.writeSlot(format.viewOf(content), format.INODE_AT, inode);
      writeAll(fd, content, 0, content.length);
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

/**
 * Whether a file is still where it was made and as it was, or harmed: cut short, or written over; or a copy of it is there; or it
 * was moved away or removed.
 */
export type Standing = "whole" | "harmed" | "copied" | "gone";

/** What a file begins with, up to where its records end, and its first record, which says whose it is. */
export interface Beginning {
  head: Buffer;
  owner: Buffer;
}

/** @param content of a file; may be none */
export function beginningOf(content: Buffer): Beginning {
  const ownerBytes = content.length === 0 ? 0 : format.recordBytes(content.readUInt32LE(format.HEADER), 0, 0);
  return {
    head: Buffer.from(content.subarray(0, format.END_AT)),
    owner: Buffer.from(content.subarray(format.HEADER, format.HEADER + ownerBytes)),
  };
}

/**
 * Never throws: where nobody may look any more, as after a setuid, an open file still takes what is written.
 * @param bytes how long it is at least
 */
export function placeOf({ fd, path, inode }: OwnFile, bytes: number, { head, owner }: Beginning): Standing {
  try {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat?.ino !== inode) return stat?.isFile() && has(path, owner) ? "copied" : "gone";
    return stat.size >= bytes && isAt(fd, 0, head) ? "whole" : "harmed";
  } catch {
    return "whole";
  }
}

/** Whether the file that is there now is of the same writer. */
function has(path: string, owner: Buffer): boolean {
  const fd = openSync(path, constants.O_RDONLY | CAREFULLY);
  try {
    return isAt(fd, format.HEADER, owner);
  } finally {
    close(fd);
  }
}

function isAt(fd: number, position: number, content: Buffer): boolean {
  const found = Buffer.alloc(content.length);
  readSync(fd, found, 0, found.length, position);
  return found.equals(content);
}

/** Writes a part of what is in memory to the same place of the file. */
export function writeAll(fd: number, memory: Buffer, start: number, end: number): void {
  for (let done = start; done < end; ) done += writeSync(fd, memory, done, end - done, done);
}
