import { dirname, relative, sep } from "node:path";
import { manifestIn } from "./manifest.js";
import type { PackageFile } from "./package-file.js";

type Package = Omit<PackageFile, "file">;

const packages = new Map<string, Package | undefined>();

/**
 * The package of a file that is in no `node_modules` folder, as those that are linked from elsewhere or copied into an app: by the
 * nearest package.json with a name, which for most such files is the app's own.
 */
export function outsidePackageOf(path: string): Package | undefined {
  const folder = dirname(path);
  if (packages.has(folder)) return packages.get(folder);
  const { name } = manifestIn(folder);
  const isNamed = typeof name === "string" && name !== "";
  const found = isNamed ? { name, basedir: folder } : folder === path ? undefined : outsidePackageOf(folder);
  packages.set(folder, found);
  return found;
}

/** Where such a file lies in its package. */
export function outsideFileOf(path: string): PackageFile | undefined {
  const found = outsidePackageOf(path);
  return found && { ...found, file: relative(found.basedir, path).replaceAll(sep, "/") };
}
