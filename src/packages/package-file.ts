import { type PlatformPath, relative, sep } from "node:path";

type Platform = Pick<PlatformPath, "relative" | "sep">;

/** Where a file lies: the package it belongs to and its path inside it. */
export interface PackageFile {
  name: string;
  basedir: string;
  /** Path inside the package, with forward slashes. */
  file: string;
}

/**
 * Finds the package of a file by the last `node_modules` folder in its path, so nested copies and pnpm's store need no rule of their own.
 * @param path absolute path, or a URL when `separator` is `/`
 * @returns undefined for a file of no package
 */
export function packageFileOf(path: string, separator: string = sep): PackageFile | undefined {
  const start = startOfName(path, separator);
  const end = start < 0 ? -1 : endOfName(path, start, separator);
  if (end < 0) return undefined;
  return {
    name: forward(path.slice(start, end), separator),
    basedir: path.slice(0, end),
    file: forward(path.slice(end + 1), separator),
  };
}

/** Name of the package of a file: asked of every file that is loaded, so it makes nothing else. */
export function packageNameOf(path: string, separator: string = sep): string | undefined {
  const start = startOfName(path, separator);
  const end = start < 0 ? -1 : endOfName(path, start, separator);
  return end < 0 ? undefined : forward(path.slice(start, end), separator);
}

/**
 * Path of a file inside its package, with forward slashes.
 * @param platform whose paths they are
 */
export function pathWithin(folder: string, file: string, platform: Platform = { relative, sep }): string {
  return forward(platform.relative(folder, file), platform.sep);
}

function startOfName(path: string, separator: string): number {
  const folder = separator === "/" ? "/node_modules/" : `${separator}node_modules${separator}`;
  const before = path.lastIndexOf(folder);
  return before < 0 ? -1 : before + folder.length;
}

function endOfName(path: string, start: number, separator: string): number {
  const end = path.indexOf(separator, start);
  return path[start] === "@" && end > 0 ? path.indexOf(separator, end + 1) : end;
}

function forward(part: string, separator: string): string {
  return separator === "/" ? part : part.replaceAll(separator, "/");
}
