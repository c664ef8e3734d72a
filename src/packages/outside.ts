import { dirname } from "node:path";
import { manifestIn } from "./manifest.js";
import { type PackageFile, pathWithin } from "./package-file.js";

type Package = Omit<PackageFile, "file">;

const packages = new Map<string, Package | undefined>();

/** The package by the nearest package.json with a name, which for most files outside `node_modules` is the app's own. */
export function nearestPackageOf(path: string): Package | undefined {
  const folder = dirname(path);
  if (packages.has(folder)) return packages.get(folder);
  const { name } = manifestIn(folder);
  const isNamed = typeof name === "string" && name !== "";
  const found = isNamed ? { name, basedir: folder } : folder === path ? undefined : nearestPackageOf(folder);
  packages.set(folder, found);
  return found;
}

/** Where a file lies that is in no `node_modules` folder, as those that are linked from elsewhere or copied into an app. */
export function outsideFileOf(path: string): PackageFile | undefined {
  const found = nearestPackageOf(path);
  return found && { ...found, file: pathWithin(found.basedir, path) };
}
