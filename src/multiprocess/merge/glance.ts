import { constants, fstatSync, openSync, statSync } from "node:fs";
import { join } from "node:path";
import { CAREFULLY } from "../store/careful.js";
import { close } from "../store/close.js";
import { namesIn, RETAINED } from "../store/file-name.js";
import { VERSION } from "../store/format.js";
import { isEnough } from "./enough.js";
import { isLocked } from "./liveness.js";

/** Whether dead processes may have left enough to be folded, as far as sizes and locks tell: nothing is read for it. */
export function looksDue(directory: string): boolean {
  let [files, bytes] = [0, 0];
  try {
    for (const [name, { kind, format }] of namesIn(directory)) {
      if (kind !== "process" || format !== VERSION) continue;
      const left = leftIn(join(directory, name));
      if (left === undefined) continue;
      files++;
      bytes += left;
    }
    return isEnough(files, bytes, statSync(join(directory, RETAINED), { throwIfNoEntry: false })?.size ?? 0);
  } catch {
    // Not for this user to look at, nor to fold.
    return false;
  }
}

/** Size of a file that nobody holds. */
export function leftIn(path: string): number | undefined {
  try {
    const fd = openSync(path, constants.O_RDONLY | CAREFULLY);
    try {
      return isLocked(fd) === true ? undefined : fstatSync(fd).size;
    } finally {
      close(fd);
    }
  } catch {
    return undefined;
  }
}
