import { existsSync, lstatSync } from "node:fs";
import { join } from "node:path";
import { upwards } from "../folders.js";
import { installedVersion } from "./installed-version.js";
import { packagesIn } from "./packages-in.js";

/** A copy of a package in a `node_modules` folder, or in one of those inside it. */
export interface InstalledCopy {
  /** Path from the app's root, with forward slashes: `node_modules/a/node_modules/b`. */
  path: string;
  version: string;
  /** Whether it is elsewhere, as pnpm and workspaces have it. */
  linked: boolean;
}

export interface Installed {
  /** The folder that holds `node_modules`: patches are applied there. */
  root: string;
  /** The copy that the app itself loads, where there is one, comes first. */
  copies: readonly [InstalledCopy, ...InstalledCopy[]];
}

function copiesIn(root: string, folder: string, module: string): InstalledCopy[] {
  const own = `${folder}/${module}`;
  const basedir = join(root, own);
  const copies: InstalledCopy[] = existsSync(join(basedir, "package.json"))
    ? [{ path: own, version: installedVersion(basedir), linked: lstatSync(basedir).isSymbolicLink() }]
    : [];
  const nested = packagesIn(join(root, folder))
    .map((name) => `${folder}/${name}`)
    .filter((path) => !lstatSync(join(root, path)).isSymbolicLink())
    .flatMap((path) => copiesIn(root, `${path}/node_modules`, module));
  return [...copies, ...nested];
}

/**
 * Finds the copies of a package that an app in a directory can come to load.
 * @param module package name
 * @param cwd the directory
 * @returns those below the nearest `node_modules` that has one; undefined where none has
 */
export function installedCopies(module: string, cwd: string): Installed | undefined {
  for (const root of upwards(cwd)) {
    const [first, ...more] = copiesIn(root, "node_modules", module);
    if (first !== undefined) return { root, copies: [first, ...more] };
  }
  return undefined;
}
