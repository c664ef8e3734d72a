import { log } from "./log.js";

/** What a process is told that asks for a file of this package which a deploy has taken away. */
export const GONE =
  "flushguard's own files are gone, removed or replaced by another version since this process started; " +
  "it goes without what it had not loaded of them, until it is started again";

let isTold = false;

/**
 * Runs what loads a file of this package later than at the start.
 * @throws where that fails
 */
export function neededFile<T>(load: () => T): T {
  try {
    return load();
  } catch (error) {
    const [line] = (error as Error).message.split("\n");
    throw new Error(`${GONE} (${line})`, { cause: error });
  }
}

/** The same of what can be done without: where it fails that is told, once, and it gives undefined. */
export function ownFile<T>(load: () => T): T | undefined {
  try {
    return neededFile(load);
  } catch (error) {
    if (!isTold) log.warn((error as Error).message);
    isTold = true;
    return undefined;
  }
}
