import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { InstalledCopy } from "../packages/installed-copies.js";

/** Where patch-package looks for patches. */
const FOLDER = "patches";

/** A copy as patch-package spells it in the names of files: `a++@scope+b` is `@scope/b` in `a`. */
function specifier({ path }: InstalledCopy): string {
  const names = path.slice("node_modules/".length).split("/node_modules/");
  return names.map((name) => name.replace("/", "+")).join("++");
}

/** Path of the patch of a copy from the app's root, as patch-package wants it. */
export function patchFile(copy: InstalledCopy): string {
  return `${FOLDER}/${specifier(copy)}+${copy.version}.patch`;
}

/** Paths of the patches that the app has for a copy, whatever its version. */
export function patchesOf(root: string, copy: InstalledCopy): string[] {
  const folder = join(root, FOLDER);
  if (!existsSync(folder)) return [];
  const start = `${specifier(copy)}+`;
  return readdirSync(folder)
    .filter((name) => name.startsWith(start) && /^\d.*\.patch$/.test(name.slice(start.length)))
    .map((name) => `${FOLDER}/${name}`);
}

/**
 * Writes the patch of a copy, unless the app has another one for it.
 * @returns the patches that are in the way: where there are any, nothing is written
 */
export function writePatch(root: string, copy: InstalledCopy, text: string): string[] {
  const file = patchFile(copy);
  const others = patchesOf(root, copy).filter((one) => one !== file || readFileSync(join(root, one), "utf8") !== text);
  if (others.length > 0) return others;
  mkdirSync(join(root, FOLDER), { recursive: true });
  writeFileSync(join(root, file), text);
  return [];
}
