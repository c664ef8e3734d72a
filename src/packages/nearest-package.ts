import { join } from "node:path";
import { installedVersion, UNKNOWN } from "./installed-version.js";
import { nearestPackageOf } from "./outside.js";
import { packageFileOf } from "./package-file.js";

export interface Package {
  name: string;
  version: string | undefined;
  folder: string;
}

/**
 * The package of a file: the one that is installed there, else the nearest that has a name. Folders of a package have a package.json
 * of their own, with a name or without one.
 */
export function packageOf(file: string): Package | undefined {
  const installed = packageFileOf(file)?.basedir;
  const found = (installed && nearestPackageOf(join(installed, "package.json"))) || nearestPackageOf(file);
  if (found === undefined) return undefined;
  const version = installedVersion(found.basedir);
  return { name: found.name, version: version === UNKNOWN ? undefined : version, folder: found.basedir };
}
