import { fileURLToPath } from "node:url";
import { nearestPackageOf } from "../packages/outside.js";
import { packageNameOf } from "../packages/package-file.js";

/** The name of the package of a file, by its URL, which may be one that has no path. */
export function nameIn(url: string): string | undefined {
  try {
    return packageNameOf(url, "/") ?? nearestPackageOf(fileURLToPath(url))?.name;
  } catch {
    return undefined;
  }
}
