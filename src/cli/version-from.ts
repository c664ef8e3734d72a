import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { installedVersion } from "../patch/installed-version.js";

/**
 * The version of a package as a file in a directory would load it.
 * @param module package name
 * @param cwd the directory
 * @returns the version of the nearest copy; "unknown" where it does not tell; undefined where there is none
 */
export function versionFrom(module: string, cwd: string): string | undefined {
  for (let directory = cwd; ; directory = dirname(directory)) {
    const basedir = join(directory, "node_modules", module);
    if (existsSync(join(basedir, "package.json"))) return installedVersion(basedir);
    if (directory === dirname(directory)) return undefined;
  }
}
