import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { upwards } from "../folders.js";

/** Where the user's own targets are: a file to read, or a package.json already read. */
export interface Source {
  path: string;
  /** The user named the file, so it has to be there. */
  named?: boolean;
  manifest?: Manifest;
}

/** A package.json with the key "flushguard". */
export interface Manifest {
  text: string;
  /** What the key has. */
  value: unknown;
}

/** The name of the configuration file. */
export const FILE = "flushguard.config.json";
/** What is said of a file that was meant to be it. */
export const NOT_READ = `that is not read, expected the name ${FILE}; it is ignored`;

/** Names that other tools' configurations have: each is asked for, as a folder may hold any number of files. */
const OTHERS = [".flushguardrc", "flushguard.json", ...["js", "mjs", "ts"].map((kind) => `flushguard.config.${kind}`)];

function manifestAt(path: string): Manifest | undefined {
  try {
    const text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
    if (!text.includes('"flushguard"')) return undefined;
    const value = (JSON.parse(text) as { flushguard?: unknown } | null)?.flushguard;
    return value === undefined ? undefined : { text, value };
  } catch {
    return undefined; // Not there, or broken: not for this package to judge.
  }
}

/** Also a link that leads nowhere or in a circle: somebody means it to be there. */
function isEntry(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false; // Where nothing may be looked at.
  }
}

/** That of a folder. */
export function sourceIn(folder: string, problems: string[]): Source | undefined {
  const path = join(folder, FILE);
  const other = join(folder, "package.json");
  // An error thrown for each folder that has none takes longer than the look.
  const manifest = isEntry(other) ? manifestAt(other) : undefined;
  if (!isEntry(path)) return manifest === undefined ? undefined : { path: other, manifest };
  if (manifest !== undefined) {
    problems.push(`${other}: found "flushguard" beside ${FILE}, expected one of the two; it is ignored`);
  }
  return { path };
}

/**
 * That of the working directory, else the nearest to the main script, at any level above it.
 * @param problems takes a line where there are two of them in one folder
 */
export function findSource(cwd: string | undefined, main: string | undefined, problems: string[]): Source | undefined {
  const folders = new Set([...(cwd === undefined ? [] : [cwd]), ...(main === undefined ? [] : upwards(main))]);
  for (const folder of folders) {
    const source = sourceIn(folder, problems);
    if (source !== undefined) return source;
  }
  const near = [...new Set([cwd, main])].filter((folder) => folder !== undefined);
  const other = near.flatMap((folder) => OTHERS.map((name) => join(folder, name))).find(isEntry);
  if (other !== undefined) problems.push(`${other}: found a file ${NOT_READ}`);
  return undefined;
}
