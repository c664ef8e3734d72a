import { readdirSync } from "node:fs";
import { FILE } from "../../config/source.js";

/** Names under which other tools take their configuration. */
const OTHER =
  /^(?:\.flushguardrc(?:\.\w+)?|flushguard\.json|flushguard\.config(?:\.(?:[cm]?[jt]s|json[5c]?|ya?ml|toml))?)$/i;

/** A line for each file of a folder that looks like this package's configuration and is not read. */
export function otherNames(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => OTHER.test(name) && name !== FILE)
    .map((name) => `${name}: found a file that is not read, expected ${FILE}; it is ignored`);
}
