import { constants, fstatSync, openSync } from "node:fs";
import { join } from "node:path";
import { CAREFULLY } from "../store/careful.js";
import { close } from "../store/close.js";
import { kernelLocks } from "../store/lock.js";
import { isAt, type Mark, markOf } from "./read-file.js";

/** A file that is left of a dead process, held so that no other can take it for its own until it is closed. */
export interface HeldFile {
  fd: number;
  mark: Mark;
  close(): void;
}

/** @returns undefined where somebody else holds it, or it is not the one that its name says, or no file of ours */
export function holdFile(directory: string, name: string): HeldFile | undefined {
  const path = join(directory, name);
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDWR | CAREFULLY);
  } catch {
    return undefined;
  }
  try {
    const stat = fstatSync(fd);
    if (stat.isFile() && kernelLocks()?.take(fd) !== false && isAt(path, stat))
      return { fd, mark: markOf(stat), close: () => close(fd) };
  } catch {
    // It cannot be looked at now.
  }
  close(fd);
  return undefined;
}
