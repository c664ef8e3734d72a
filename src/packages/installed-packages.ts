import { existsSync, realpathSync } from "node:fs";
import { basename, join } from "node:path";
import { upwards } from "../folders.js";
import { installedVersion } from "./installed-version.js";
import { manifestIn } from "./manifest.js";
import { packageFileOf } from "./package-file.js";
import { packageFolder } from "./package-folder.js";
import { packagesIn } from "./packages-in.js";

/** A package that a file in a directory, or one that such a file loads, can load. */
export interface InstalledPackage {
  /** The name in its package.json. */
  name: string;
  /** "unknown" where its package.json does not tell. */
  version: string;
  /** Its folder, as Node names the files in it. */
  path: string;
  /** The name it is loaded by where that is another. */
  alias?: string;
}

function packageAt(entry: string): InstalledPackage | undefined {
  const path = packageFolder(entry);
  if (path === undefined) return undefined;
  const folder = packageFileOf(join(path, "package.json"))?.name;
  const manifest = manifestIn(path);
  const name = typeof manifest.name === "string" ? manifest.name : folder;
  if (name === undefined) return undefined;
  return {
    name,
    version: installedVersion(path),
    path,
    ...(folder !== undefined && folder !== name ? { alias: folder } : {}),
  };
}

/**
 * Every package that Node finds from a directory and from the packages found there, at any level: nested copies, those
 * hoisted to a folder above, and what pnpm and workspaces link to. Each copy once.
 */
export function installedPackages(directory: string): InstalledPackage[] {
  const seen = new Set<string>();
  const found = new Map<string, InstalledPackage>();
  const queue = [realpathSync(directory)];
  for (const from of queue) {
    for (const folder of upwards(from)) {
      const nodeModules = join(folder, "node_modules");
      if (basename(folder) === "node_modules" || seen.has(nodeModules)) continue;
      seen.add(nodeModules);
      for (const name of packagesIn(nodeModules)) {
        const installed = packageAt(join(nodeModules, name));
        if (installed === undefined || found.has(installed.path)) continue;
        found.set(installed.path, installed);
        queue.push(installed.path);
      }
    }
  }
  return [...found.values()];
}

/** Whether packages come from Yarn's Plug'n'Play, which has no folders to look into. */
export function plugAndPlay(directory: string): boolean {
  return upwards(realpathSync(directory)).some((folder) => existsSync(join(folder, ".pnp.cjs")));
}
