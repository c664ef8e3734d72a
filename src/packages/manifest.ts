import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What the package.json in a folder says. Nothing where it is not there, cannot be read or is broken. */
export function manifestIn(folder: string): Readonly<Record<string, unknown>> {
  try {
    // Node and npm take a byte order mark.
    const text = readFileSync(join(folder, "package.json"), "utf8").replace(/^\uFEFF/, "");
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
