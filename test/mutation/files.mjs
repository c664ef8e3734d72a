import { readdirSync } from "node:fs";

/** The files under a folder whose names end so, relative to it. */
export function filesUnder(folder, end) {
  return readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith(end))
    .sort((a, b) => (a < b ? -1 : 1));
}
