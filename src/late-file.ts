import { log } from "./log.js";
import { reasonOf } from "./reason-of.js";

/** What is told of a file of this package that a deploy may have taken away. */
export const GONE =
  "one of flushguard's own files cannot be loaded; where they were removed, or replaced by another version, since this process " +
  "started, it goes without what is in them until it is started again";

/** What is told of one that is there, and throws as it is loaded: an app may have replaced what it needs. */
const BROKEN = "one of flushguard's own files cannot be loaded, and it goes without what is in it";

let isTold = false;

/**
 * Runs what loads a file of this package later than at the start.
 * @throws where that fails
 */
export function lateFile<T>(load: () => T): T {
  try {
    return load();
  } catch (error) {
    const [line] = reasonOf(error).split("\n");
    const isGone = /^(?:MODULE_NOT_FOUND|ENOENT)$/.test(Object(error).code);
    throw new Error(isGone ? `${GONE} (${line})` : `${BROKEN}: ${line}`, { cause: error });
  }
}

/** The same of what can be done without: where it fails that is told, once, and it gives undefined. */
export function lateFileIfThere<T>(load: () => T): T | undefined {
  try {
    return lateFile(load);
  } catch (error) {
    if (!isTold) log.warn((error as Error).message);
    isTold = true;
    return undefined;
  }
}
