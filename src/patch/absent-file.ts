import { readdirSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { didYouMean } from "../config/did-you-mean.js";
import { matchesFile } from "../packages/file-match.js";

/**
 * What is wrong with the file that a target names, where the package has none such.
 * @param basedir folder of the package
 */
export function absentFile(basedir: string, file: string | undefined): string | undefined {
  if (file === undefined || statSync(join(basedir, file), { throwIfNoEntry: false })?.isFile()) return undefined;
  const files = readdirSync(basedir, { recursive: true, encoding: "utf8" })
    .map((name) => name.replaceAll(sep, "/"))
    .filter((name) => !name.startsWith("node_modules/"));
  if (files.some((name) => matchesFile(file, name))) return undefined;
  return `it has no file ${JSON.stringify(file)}${didYouMean(file, files)}`;
}
