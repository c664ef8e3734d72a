import { lstatSync, type Stats } from "node:fs";

/** Group and others. */
const OTHERS_MAY_WRITE = 0o022;

/** Whether somebody else than this user, or root, may put files there. Where there are no owners nobody else may. */
export function isForOthersToWrite({ uid, mode }: Stats): boolean {
  const user = process.geteuid?.();
  if (user === undefined) return false;
  return (uid !== user && uid !== 0) || (mode & OTHERS_MAY_WRITE) !== 0;
}

/**
 * Why a directory is no place for the metrics of this user: whoever may write to it can put in files of their own, and links.
 * @param shared whether that is meant
 * @returns undefined where it is one, or is still to be made
 */
export function distrust(directory: string, shared: boolean): string | undefined {
  const stat = lstatSync(directory, { throwIfNoEntry: false });
  if (stat === undefined || (shared && stat.isDirectory())) return undefined;
  if (!stat.isDirectory()) return "it is no directory";
  return isForOthersToWrite(stat)
    ? "other users own it or may write to it; take one of this user's alone, or say that it is meant with FLUSHGUARD_MULTIPROCESS_SHARED=1"
    : undefined;
}
