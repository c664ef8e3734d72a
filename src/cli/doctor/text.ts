import { readFileSync } from "node:fs";

/** What is in a file. Nothing where it cannot be read. */
export function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // Not there, a directory, or no leave to read it.
  }
}
