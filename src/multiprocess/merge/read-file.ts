import { constants, fstatSync, openSync, readSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import type { Slices } from "../slices.js";
import { CAREFULLY } from "../store/careful.js";
import { close } from "../store/close.js";
import { processName } from "../store/file-name.js";
import { HEAD, INODE_AT, isWhole, STATE, STATE_AT, viewOf } from "../store/format.js";
import { pidNamespace } from "../store/identity.js";
import { isShortage } from "../store/shortage.js";
import { BadFile, NewerFile } from "./bad-file.js";
import type { Families } from "./families.js";
import { isFresh, isLocked, isRunning, mayRun } from "./liveness.js";
import { Source } from "./source.js";

/** What tells a file from one that has taken its place, or was written to. */
export interface Mark {
  inode: number;
  bytes: number;
  mtimeMs: number;
}

/**
 * A file as it is now.
 * - `again`: it is being written, or another has taken its place. Where that does not end, `unread`
 * - `empty`: its process lives, and has no room to write
 * - `abandoned`: its process has died before it could write, or has written all that it has to another file
 * - `bad`: nobody writes it any more, and it is damaged
 * - `foreign`: it is none of ours, whatever its name, or a link to one of ours, or a copy of it
 * - `denied`: this user may not read it
 */
export type Reading =
  | { state: "live" | "dead"; source: Source }
  | { state: "bad"; mark: Mark }
  | { state: "again" | "unread" | "empty" | "abandoned" | "newer" | "foreign" | "gone" | "denied" };

export function markOf({ ino, size, mtimeMs }: Stats): Mark {
  return { inode: ino, bytes: size, mtimeMs };
}

/**
 * Reads a process's file.
 * @param named the pid and the format that its name has
 * @param into what its series belong to
 * @param known what was read of it before
 * @param like what was read of another
 * @throws where there are no descriptors to read it with, and nothing was read of it before
 */
export function* readFile(
  directory: string,
  name: string,
  named: { pid: number; format: number },
  into: Families,
  known: Source | undefined,
  like: Source | undefined,
): Slices<Reading> {
  const path = join(directory, name);
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | CAREFULLY);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A symbolic link or a socket.
    if (code === "ELOOP" || code === "EMLINK" || code === "ENXIO") return { state: "foreign" };
    if (code === "ENOENT") return { state: "gone" };
    // Rather what it was than a counter that falls,
    if (known !== undefined) return { state: "live", source: known };
    // and rather nothing than a part of all: this process can open no file now, its own neither.
    if (isShortage(error)) throw error;
    return { state: code === "EACCES" ? "denied" : "unread" };
  }
  try {
    return yield* readOpen(fd, directory, name, named, into, known, like);
  } catch {
    return known === undefined ? { state: "unread" } : { state: "live", source: known };
  } finally {
    close(fd);
  }
}

function* readOpen(
  fd: number,
  directory: string,
  name: string,
  { pid, format }: { pid: number; format: number },
  into: Families,
  known: Source | undefined,
  like: Source | undefined,
): Slices<Reading> {
  const stat = fstatSync(fd);
  if (!stat.isFile()) return { state: "foreign" };
  // Asked before the file is read: what a dead writer has written stays as it is.
  const locked = isLocked(fd);
  // The writer may just have put another in its place, and let go of this one.
  if (locked !== true && !isAt(join(directory, name), stat)) return { state: "again" };
  // Nobody holds a copy, and its writer may be about to write it anew. It is as old as it is here.
  const copied = locked === false && isCopy(fd, stat);
  const told = copied ? undefined : locked;
  const mayLive = told ?? mayRun(pid, copied ? stat.ctimeMs : stat.mtimeMs);
  if (stat.size === 0) return { state: mayLive ? "empty" : "abandoned" };
  try {
    const source = known ?? new Source(into, format, like);
    const whole = yield* source.read(fd);
    if (whole === "other") return yield* readOpen(fd, directory, name, { pid, format }, into, undefined, like);
    if (source.folded !== undefined || isElsewhere(name, source)) return { state: "foreign" };
    if (source.status.state === STATE.moved)
      return { state: isAt(join(directory, name), stat) ? "abandoned" : "again" };
    if (whole === "torn") return mayLive ? { state: "again" } : { state: "bad", mark: markOf(stat) };
    if (isLive(source, told, copied && !isFresh(stat.ctimeMs))) return { state: "live", source };
    // Where no lock tells, it may have written and died meanwhile.
    if (told !== undefined || (yield* source.read(fd)) === "whole") return { state: "dead", source };
    return { state: "again" };
  } catch (error) {
    if (error instanceof NewerFile) return { state: "newer" };
    if (!(error instanceof BadFile)) throw error;
    return mayLive ? { state: "again" } : { state: "bad", mark: markOf(stat) };
  }
}

/** What a process has counts once, under the one name that the process has given it. */
function isElsewhere(name: string, { identity, version }: Source): boolean {
  return identity !== undefined && name !== processName(identity, version);
}

/** @param isOld whether it is a copy that a writer who lives, wherever that is, would have written anew */
function isLive({ identity, status }: Source, locked: boolean | undefined, isOld: boolean): boolean {
  if (identity === undefined) return false;
  if (identity.locked && locked !== undefined) return locked;
  if (isOld && identity.namespace !== pidNamespace()) return false;
  return status.state !== STATE.ended && isRunning(identity);
}

/** Whether it was written elsewhere, by a writer that has not said that it ends. */
function isCopy(fd: number, { ino }: Stats): boolean {
  const head = Buffer.alloc(HEAD);
  if (readSync(fd, head, 0, HEAD, 0) < HEAD) return false;
  const view = viewOf(head);
  const writtenTo = view.getFloat64(INODE_AT, true);
  if (!isWhole(view, INODE_AT) || writtenTo === 0 || writtenTo === ino) return false;
  return !isWhole(view, STATE_AT) || view.getFloat64(STATE_AT, true) === STATE.live;
}

export function isAt(path: string, { ino }: Stats): boolean {
  return statSync(path, { throwIfNoEntry: false })?.ino === ino;
}
