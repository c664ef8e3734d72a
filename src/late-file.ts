import { log } from "./log.js";

/** What is told of a file of this package that a deploy may have taken away. */
export const GONE =
  "one of flushguard's own files cannot be loaded; where they were removed, or replaced by another version, since this process " +
  "started, it goes without what is in them until it is started again";

let isTold = false;

/**
 * Runs what loads a file of this package later than at the start.
 * @throws where that fails
 */
export function lateFile<T>(load: () => T): T {
  try {
    return load();
  } catch (error) {
    const [line] = (error as Error).message.split("\n");
    throw new Error(`${GONE} (${line})`, { cause: error });
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
