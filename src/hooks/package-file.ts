import { sep } from "node:path";

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
  const folder = `${separator}node_modules${separator}`;
  const before = path.lastIndexOf(folder);
  if (before < 0) return undefined;
  const start = before + folder.length;
  let end = path.indexOf(separator, start);
  if (path[start] === "@" && end > 0) end = path.indexOf(separator, end + 1);
  if (end < 0) return undefined;
  const forward = (part: string) => (separator === "/" ? part : part.replaceAll(separator, "/"));
  return { name: forward(path.slice(start, end)), basedir: path.slice(0, end), file: forward(path.slice(end + 1)) };
}
