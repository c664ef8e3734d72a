import { fileURLToPath } from "node:url";
import { nearestPackageOf } from "../packages/outside.js";
import { packageNameOf } from "../packages/package-file.js";

/** The name of the package of a file, by its URL, which may have no path, as those of Node's own modules. */
export function nameIn(url: string): string | undefined {
  try {
    return (
      packageNameOf(url, "/") ?? (url.startsWith("file:") ? nearestPackageOf(fileURLToPath(url))?.name : undefined)
    );
  } catch {
    return undefined;
  }
}
