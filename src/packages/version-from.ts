import { join } from "node:path";
import { upwards } from "../folders.js";
import { installedVersion } from "./installed-version.js";
import { packageFolder } from "./package-folder.js";

/**
 * The version of a package as a file in a directory would load it.
 * @param module package name
 * @param cwd the directory
 * @returns the version of the nearest copy; "unknown" where it does not tell; undefined where there is none
 */
export function versionFrom(module: string, cwd: string): string | undefined {
  const copies = upwards(cwd).map((folder) => join(folder, "node_modules", module));
  const nearest = copies.find((copy) => packageFolder(copy) !== undefined);
  return nearest === undefined ? undefined : installedVersion(nearest);
}
