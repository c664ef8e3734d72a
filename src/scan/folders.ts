import { type Dirent, readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { BrowserBuilds } from "./browser-builds.js";

/** Version control keeps no code that Node loads. */
const SKIPPED = new Set([".git", ".hg", ".svn"]);
const SCRIPT = /\.[cm]?js$/;

/** What an installed package has for those who work on it: no app loads it. */
const ASIDE = /\/node_modules\/(?:@[^/]+\/)?[^/]+\/(?:__tests__|tests?|spec|examples?|benchmarks?|coverage|fixtures)$/;
const TEST = /\.(?:test|spec)\.[cm]?js$/;

export interface Listing {
  /** Absolute paths of the JavaScript files, each once. */
  files: string[];
  /** Folders that could not be read. */
  unreadable: string[];
}

/**
 * Lists the JavaScript files below some folders. Links are followed, but nothing is listed twice.
 * @param onFolder is called for each folder, with the number of files so far
 */
export function listScripts(folders: readonly string[], onFolder: (files: number) => void): Listing {
  const seen = new Set<string>();
  const listing: Listing = { files: [], unreadable: [] };
  const open = folders.map((folder) => realpathSync(folder)).reverse();
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    if (seen.has(folder)) continue;
    seen.add(folder);
    onFolder(listing.files.length);
    let entries: Dirent[];
    try {
      entries = readdirSync(folder, { withFileTypes: true });
    } catch {
      listing.unreadable.push(folder);
      continue;
    }
    for (const entry of entries.sort((a, b) => (a.name < b.name ? 1 : -1))) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name) && !ASIDE.test(path)) open.push(path);
      } else if (entry.isFile()) {
        if (SCRIPT.test(entry.name) && !(TEST.test(entry.name) && path.includes("/node_modules/")))
          listing.files.push(path);
      } else if (entry.isSymbolicLink()) follow(path, open, listing.files);
    }
  }
  const forBrowsers = new BrowserBuilds();
  listing.files = [...new Set(listing.files)].filter((file) => !forBrowsers.has(file)).sort();
  return listing;
}

function follow(link: string, folders: string[], files: string[]): void {
  try {
    const path = realpathSync(link);
    const stats = statSync(path);
    if (stats.isDirectory()) folders.push(path);
    else if (stats.isFile() && SCRIPT.test(path)) files.push(path);
  } catch {
    // It leads nowhere, or in a circle.
  }
}
