import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { formatPatch, type StructuredPatch, structuredPatch } from "diff";
import { matchesFile } from "../packages/file-match.js";
import type { InstalledCopy } from "../packages/installed-copies.js";
import { versionObstacles } from "../packages/version-obstacle.js";
import type { Target } from "../target.js";
import { editsFor, fixedSource, isFixed } from "./fix-source.js";
import { Misfit } from "./misfit.js";
import type { ClassFix, SourceFix } from "./source-fix.js";

/** A file of a package, and what is to change in it. */
interface FileFix {
  /** Path inside the package, with forward slashes. */
  file: string;
  source: string;
  classes: ClassFix[];
}

/** The patch of a copy, or why there is none. */
export type Patch = { text: string } | { fixed: true } | { obstacle: string };

export interface PatchOptions {
  fix: SourceFix;
  targets: readonly Target[];
  /** The app's root. */
  root: string;
  copy: InstalledCopy;
  /** What the paths in the patch begin with, its slash included. Absent: the path of the copy from the app's root. */
  prefix?: string;
}

/** Where the classes are that a fix does not say it of. */
function fileOf(targets: readonly Target[]): string {
  return targets.find(({ file }) => file !== undefined)?.file ?? "**";
}

function filesOf(basedir: string, targetFile: string, classes: readonly ClassFix[]): FileFix[] {
  const files = readdirSync(basedir, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll(sep, "/"))
    .filter((file) => !file.startsWith("node_modules/"))
    .toSorted();
  for (const { file: pattern = targetFile } of classes) {
    if (!files.some((file) => matchesFile(pattern, file))) throw new Misfit(`it has no file ${pattern}`);
  }
  return files.flatMap((file) => {
    const ours = classes.filter((one) => matchesFile(one.file ?? targetFile, file));
    return ours.length === 0 ? [] : [{ file, source: readFileSync(join(basedir, file), "utf8"), classes: ours }];
  });
}

/** What is wrong with a source, with the file that it is in. */
function inFile<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof SyntaxError) throw new Misfit(`${file}: ${error.message}`);
    throw error instanceof Misfit ? new Misfit(`${file} has no ${error.message}`) : error;
  }
}

function fileDiff(path: string, source: string, fixed: string): StructuredPatch {
  const names = [`a/${path}`, `b/${path}`] as const;
  return { ...structuredPatch(...names, source, fixed, undefined, undefined, { context: 3 }), isGit: true };
}

function patchText({ fix, targets, root, copy, prefix = `${copy.path}/` }: PatchOptions): string | undefined {
  const files = filesOf(join(root, copy.path), fileOf(targets), editsFor(fix.classes, copy.version));
  const fixed = ({ file, source, classes }: FileFix) => inFile(file, () => classes.some((one) => isFixed(source, one)));
  if (files.some(fixed)) return undefined;
  const diffs = files.map(({ file, source, classes }) =>
    fileDiff(
      prefix + file,
      source,
      inFile(file, () => fixedSource(source, classes)),
    ),
  );
  return diffs.map((diff) => formatPatch(diff)).join("");
}

/**
 * Fixes an installed copy at its source, and leaves the copy as it is.
 * @returns a unified diff with git's headers, for `patch-package` and `git apply` in the app's root; `fixed` where the
 * copy has been patched already; `obstacle` where its source is not as the fix knows it
 */
export function makePatch(options: PatchOptions): Patch {
  const obstacle = versionObstacles(options.targets, options.copy.version);
  if (obstacle !== undefined) return { obstacle };
  try {
    const text = patchText(options);
    return text === undefined ? { fixed: true } : { text };
  } catch (error) {
    if (error instanceof Misfit) return { obstacle: error.message };
    throw error;
  }
}
