import { fileURLToPath } from "node:url";
import { outsideFileOf, outsidePackageOf } from "../packages/outside.js";
import { packageFileOf, packageNameOf } from "../packages/package-file.js";

/** The name of the package of a file, by its URL. */
export function nameIn(url: string): string | undefined {
  return packageNameOf(url, "/") ?? outside(url, outsidePackageOf)?.name;
}

/** Its path inside the package. */
export function fileIn(url: string): string | undefined {
  return (packageFileOf(url, "/") ?? outside(url, outsideFileOf))?.file;
}

/** What is known of a file outside any `node_modules`, whose URL may be one that has no path. */
function outside<Known>(url: string, known: (path: string) => Known): Known | undefined {
  try {
    return known(fileURLToPath(url));
  } catch {
    return undefined;
  }
}
