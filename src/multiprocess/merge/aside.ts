import {
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  unlinkSync,
} from "node:fs";
import { join } from "node:path";
import { timeOfDay } from "../../timers.js";
import { close } from "../store/close.js";
import { isForOthersToWrite } from "../store/trust.js";

/** Where bad files go, for whoever wants to know what happened to them. */
const FOLDER = "flushguard-bad";
const KEPT = 16;
/** What is moved there: a time in milliseconds, and the name that it had. */
const MOVED = /^\d{13}-.+\.v\d+\.flushguard$/;

/** Moves a file out of the way and keeps the newest few of those that are there. Never throws. */
export function moveAside(directory: string, name: string): void {
  const path = join(directory, FOLDER);
  try {
    mkdirSync(path, 0o700);
  } catch {
    // It is there, or cannot be made.
  }
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
    try {
      const stat = fstatSync(fd);
      if (isForOthersToWrite(stat)) return;
      // The folder that was looked at, whatever takes its name meanwhile.
      const opened = `/proc/self/fd/${fd}`;
      const folder = existsSync(opened) ? opened : path;
      renameSync(join(directory, name), join(folder, `${timeOfDay()}-${name}`));
      prune(folder);
    } finally {
      close(fd);
    }
  } catch {
    // A link or somebody's own folder, or somebody else has moved it, or may not: it stays skipped.
  }
}

/** The names begin with the time. */
function prune(folder: string): void {
  const moved = readdirSync(folder).filter((name) => MOVED.test(name));
  for (const old of moved.sort().slice(0, -KEPT)) {
    const path = join(folder, old);
    if (lstatSync(path).isFile()) unlinkSync(path);
  }
}
