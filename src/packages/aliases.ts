import { readFileSync } from "node:fs";
import { join } from "node:path";
import { mainFolder, upwards, workingFolder } from "../folders.js";
import { isThere } from "../is-there.js";

/** `"metrics": "npm:hot-shots@^10"`, as npm and Yarn have a package installed under another name. */
const ALIAS = /"([^"]+)"\s*:\s*"npm:(@?[^"@]+)/g;

/** The other names under which the package.json nearest to a folder has packages installed, and theirs. */
export function aliasesFrom(folder: string): Map<string, string> {
  const manifest = upwards(folder)
    .map((above) => join(above, "package.json"))
    .find(isThere);
  try {
    const text = manifest === undefined ? "" : readFileSync(manifest, "utf8");
    // Most have none, and a regular expression takes longer to be ready than all else here.
    if (!text.includes('"npm:')) return new Map();
    return new Map([...text.matchAll(ALIAS)].map(([, alias = "", name = ""]) => [alias, name]));
  } catch {
    return new Map();
  }
}

/** The same of this process: from its working directory, and from its main script. */
export function aliases(): Map<string, string> {
  const folders = new Set([workingFolder(), mainFolder()].filter((folder) => folder !== undefined));
  return new Map([...folders].flatMap((folder) => [...aliasesFrom(folder)]));
}
