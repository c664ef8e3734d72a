import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isThere } from "../is-there.js";

/** Node's, which an app may replace. */
const { parse } = JSON;

/** What the package.json in a folder says. Nothing where it is not there, cannot be read or is broken. */
export function manifestIn(folder: string): Readonly<Record<string, unknown>> {
  const path = join(folder, "package.json");
  // An error thrown for each folder that has none takes longer than the look.
  if (!isThere(path)) return {};
  try {
    // Node and npm take a byte order mark.
    const text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
    return Object(parse(text));
  } catch {
    return {};
  }
}
