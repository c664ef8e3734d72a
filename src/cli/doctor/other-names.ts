import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FILE, NOT_READ } from "../../config/source.js";

/** This package's name, letters of it in another order, doubled or missing. */
const NAME = "\\.?fl[uhs]{2,4}[-_]?g[aur]{2,4}d";
/** What other tools' configurations end with. */
const END = "(?:\\.(?:[cm]?[jt]s|json[5c]?|ya?ml|toml|txt))";
const OTHER = new RegExp(`^${NAME}(?:(?:rc|[._-]?conf(?:ig)?)${END}*|\\.(?:json[5c]?|ya?ml|toml))$`, "i");
const KEY = "flushguard";
const OTHER_KEY = new RegExp(`^${NAME}(?:[._-]?conf(?:ig)?)?$`, "i");

/** The keys of a folder's package.json. */
function keysOf(directory: string): string[] {
  try {
    return Object.keys(JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as object);
  } catch {
    return [];
  }
}

/** A line for each file of a folder, and each key of its package.json, that looks like this package's configuration and is not read. */
export function otherNames(directory: string): string[] {
  const files = readdirSync(directory).filter((name) => OTHER.test(name) && name !== FILE);
  const keys = keysOf(directory).filter((key) => OTHER_KEY.test(key) && key !== KEY);
  return [
    ...files.map((name) => `${join(directory, name)}: found a file ${NOT_READ}`),
    ...keys.map(
      (key) => `${join(directory, "package.json")}: found the key "${key}", expected "${KEY}"; it is ignored`,
    ),
  ];
}
