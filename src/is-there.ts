import { existsSync } from "node:fs";

/** Whether a file or folder is there. One that may not be looked at is not: Node 20's permission model throws there. */
export function isThere(path: string | URL): boolean {
  try {
    return existsSync(path);
  } catch {
    return false;
  }
}
