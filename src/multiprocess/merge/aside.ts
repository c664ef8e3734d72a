import { readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { makeDirectory } from "../store/make-directory.js";

/** Where bad files go, for whoever wants to know what happened to them. */
const FOLDER = "bad";
const KEPT = 16;

/** Moves a file out of the way and keeps the newest few of those that are there. Never throws. */
export function moveAside(directory: string, name: string): void {
  const folder = join(directory, FOLDER);
  try {
    makeDirectory(folder);
    renameSync(join(directory, name), join(folder, `${Date.now()}-${name}`));
    // The names begin with the time.
    for (const old of readdirSync(folder).sort().slice(0, -KEPT)) rmSync(join(folder, old), { recursive: true });
  } catch {
    // Somebody else has moved it, or may not: it stays skipped.
  }
}
