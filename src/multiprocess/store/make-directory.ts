import { chmodSync, existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a directory and those that it is in, for this user alone. Not by the `recursive` of `mkdirSync`, which never returns
 * where the parent is there and refuses with ENOENT, as /proc does.
 * @throws when the file system refuses
 */
export function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  makeDirectory(dirname(path));
  try {
    mkdirSync(path, 0o700);
  } catch (error) {
    // Another process has been as quick.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return;
  }
  // The app's umask may take rights from its user too.
  if ((statSync(path).mode & 0o700) !== 0o700) chmodSync(path, 0o700);
}
