import { lstatSync } from "node:fs";
import { dirname } from "node:path";

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "it may not be written",
  EPERM: "it may not be written",
  EROFS: "its file system is read-only",
  EISDIR: "it is a directory",
  ENOTDIR: "its directory is not one",
  EEXIST: "its directory is not one",
  ENOSPC: "the disk is full",
};

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Also what a directory like /proc answers, which exists and takes no file. */
function whyNoEntry(path: string): string {
  if (isThere(path)) return "it is a link into a directory that does not exist";
  return isThere(dirname(path)) ? "its directory takes no new files" : "its directory does not exist";
}

/**
 * Why a file could not be written, in words.
 * @param error what writing it has thrown
 */
export function whyUnwritten(path: string, error: unknown): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return code === "ENOENT" ? whyNoEntry(path) : (REASONS[code] ?? message);
}
