import { statSync } from "node:fs";

/** Whether there is a directory. There is none behind a path that leads through a file, or that this user may not follow. */
export function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
