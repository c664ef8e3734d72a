import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { join } from "node:path";
import { BadFile, bad } from "./bad-file.js";
import { isLocked, isRunning } from "./liveness.js";
import { Source } from "./source.js";

/** A file as it is now. `torn`: a value was being written, ask again. `denied`: this user may not read it. */
export type Reading = { state: "live" | "dead"; source: Source } | { state: "torn" | "bad" | "gone" | "denied" };

/**
 * Reads a process's file. Never throws.
 * @param known what was read of it before
 */
export function readFile(directory: string, name: string, known: Source | undefined): Reading {
  let fd: number;
  try {
    fd = openSync(join(directory, name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A symbolic link or a socket.
    if (code === "ELOOP" || code === "EMLINK" || code === "ENXIO") return { state: "bad" };
    // Out of file descriptors, say: rather what it was than a counter that falls.
    if (code !== "ENOENT" && known !== undefined) return { state: "live", source: known };
    return { state: code === "EACCES" ? "denied" : "gone" };
  }
  try {
    return readOpen(fd, known ?? new Source());
  } catch (error) {
    if (error instanceof BadFile) return { state: "bad" };
    return known === undefined ? { state: "gone" } : { state: "live", source: known };
  } finally {
    closeSync(fd);
  }
}

function readOpen(fd: number, source: Source): Reading {
  if (!fstatSync(fd).isFile()) bad("it is not a file");
  // Asked before the file is read: what a dead writer has written stays as it is.
  const locked = isLocked(fd);
  if (!source.read(fd)) return { state: "torn" };
  const { identity } = source;
  if (identity === undefined) bad("it says not whose it is");
  if (identity.locked && locked !== undefined) return { state: locked ? "live" : "dead", source };
  if (isRunning(identity)) return { state: "live", source };
  return source.read(fd) ? { state: "dead", source } : { state: "torn" };
}
