import { constants, openSync, statSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { timeOfDay } from "../../timers.js";
import { CAREFULLY } from "../store/careful.js";
import { close } from "../store/close.js";
import { namesIn } from "../store/file-name.js";
import { VERSION } from "../store/format.js";
import { kernelLocks } from "../store/lock.js";
import { ABANDONED_MS } from "./liveness.js";

/** Removes what writers of the format that this version writes have not finished when they were killed. */
export function removeUnfinished(directory: string): void {
  for (const [name, { kind, format }] of namesIn(directory)) {
    if (kind === "unfinished" && format === VERSION) removeAbandoned(join(directory, name));
  }
}

/** A writer whose file goes while it makes it makes another. */
function removeAbandoned(path: string): void {
  try {
    const locks = kernelLocks();
    if (locks === undefined) {
      if (timeOfDay() - statSync(path).mtimeMs > ABANDONED_MS) unlinkSync(path);
      return;
    }
    const fd = openSync(path, constants.O_RDWR | CAREFULLY);
    try {
      if (locks.take(fd)) unlinkSync(path);
    } finally {
      close(fd);
    }
  } catch {
    // It has been finished, or is not ours to remove.
  }
}
