import { realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isThere } from "../is-there.js";
import { manifestIn } from "../packages/manifest.js";

function namesIn(folder: string): string[] {
  const { dependencies, optionalDependencies, peerDependencies } = manifestIn(folder);
  return [dependencies, optionalDependencies, peerDependencies].flatMap((all) => Object.keys(Object(all)));
}

/** Whether a folder is that of an installed package: `node_modules/name`, `node_modules/@scope/name`. */
function isInstalled(folder: string): boolean {
  const parent = dirname(folder);
  return basename(basename(parent).startsWith("@") ? dirname(parent) : parent) === "node_modules";
}

/** Where Node would find a package from a folder. */
function find(name: string, from: string): string | undefined {
  for (let at = from; ; at = dirname(at)) {
    const folder = join(at, "node_modules", name);
    if (isThere(join(folder, "package.json"))) return realpathSync(folder);
    if (dirname(at) === at) return undefined;
  }
}

/**
 * Adds to the folders of installed packages those of all that they depend on: what a client loses is often lost in one of them.
 * @param folders absolute paths
 */
export function withDependencies(folders: readonly string[]): string[] {
  const found = new Set<string>(folders);
  const open = folders.filter(isInstalled);
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const name of namesIn(folder)) {
      const dependency = find(name, folder);
      if (dependency === undefined || found.has(dependency)) continue;
      found.add(dependency);
      open.push(dependency);
    }
  }
  return [...found];
}
