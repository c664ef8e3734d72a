import { type Dirent, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { didYouMean } from "../config/did-you-mean.js";
import { matchesFile } from "../packages/file-match.js";
import { pathWithin } from "../packages/package-file.js";

/** What Node evaluates, and no declaration of types. */
const CODE = /(?<!\.d)\.[cm]?[jt]sx?$|^[^.]+$/;

/**
 * What is wrong with the file that a target names, where the package has none such.
 * @param basedir folder of the package
 */
export function absentFile(basedir: string, file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const isThere = statSync(join(basedir, file), { throwIfNoEntry: false })?.isFile() === true;
  if (isThere && CODE.test(basename(file))) return undefined;
  const path = (entry: Dirent): string => pathWithin(basedir, join(entry.parentPath, entry.name));
  const files = readdirSync(basedir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && CODE.test(entry.name))
    .map(path)
    .filter((name) => !name.startsWith("node_modules/"));
  if (files.some((name) => matchesFile(file, name))) return undefined;
  return `${isThere ? "there is no code in" : "it has no file"} ${JSON.stringify(file)}${didYouMean(file, files)}`;
}
