import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FILE, NOT_READ } from "../../config/source.js";

/** This package's name, letters of it in another order, doubled or missing. */
const NAME = "\\.?fl[uhs]{2,4}[-_]?g[aur]{2,4}d";
/** What other tools' configurations end with. */
const END = "(?:\\.(?:[cm]?[jt]s|json[5c]?|ya?ml|toml|txt))";
const OTHER = new RegExp(`^${NAME}(?:(?:rc|[._-]?conf(?:ig)?)${END}*|\\.(?:json[5c]?|ya?ml|toml))$`, "i");
const KEY = "flushguard";
const OTHER_KEY = new RegExp(`^${NAME}(?:[._-]?conf(?:ig)?)?$`, "i");

/** Where other tools' configurations are. */
const FOLDERS = ["config", "configs", "conf", ".config", "etc", "settings"];

/** The keys of a folder's package.json, and those of its `config`. */
function keysOf(directory: string): string[] {
  try {
    const manifest = JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as { config?: object };
    const { config } = manifest;
    const inner = typeof config === "object" && config !== null ? Object.keys(config) : [];
    return [...Object.keys(manifest), ...inner.map((key) => `config.${key}`)];
  } catch {
    return [];
  }
}

/**
 * A line for each file of a folder, and each key of its package.json, that looks like this package's configuration and is not read.
 * @param isFound whether there is a configuration: one in another folder is then one of others
 */
export function otherNames(directory: string, isFound: boolean): string[] {
  const files = readdirSync(directory).filter((name) => OTHER.test(name) && name !== FILE);
  const keys = keysOf(directory).filter((key) => OTHER_KEY.test(key.replace("config.", "")) && key !== KEY);
  const elsewhere = isFound
    ? []
    : FOLDERS.map((name) => join(directory, name, FILE)).filter((path) => existsSync(path));
  return [
    ...elsewhere.map(
      (path) => `${path}: found a file that is not read here, expected FLUSHGUARD_CONFIG to name it; it is ignored`,
    ),
    ...files.map((name) => `${join(directory, name)}: found a file ${NOT_READ}`),
    ...keys.map(
      (key) => `${join(directory, "package.json")}: found the key "${key}", expected "${KEY}"; it is ignored`,
    ),
  ];
}
