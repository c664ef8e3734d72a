import { lstatSync, type Stats } from "node:fs";
import { environment } from "../../config/environment.js";

/** Group and others. */
const OTHERS_MAY_WRITE = 0o022;

/** Whether the user says that a directory is meant for others too. */
function isShared(): boolean {
  return environment().FLUSHGUARD_MULTIPROCESS_SHARED?.trim() === "1";
}

/** Of files that are made. */
export function fileMode(): number {
  return isShared() ? 0o640 : 0o600;
}

/** Whether somebody else than this user, or root, may put files there. Where there are no owners nobody else may. */
export function isForOthersToWrite(stat: Stats): boolean {
  return isOfAnother(stat) || mayOthersWrite(stat);
}

function isOfAnother({ uid }: Stats): boolean {
  const user = process.geteuid?.();
  return user !== undefined && uid !== user && uid !== 0;
}

function mayOthersWrite({ mode }: Stats): boolean {
  return process.geteuid !== undefined && (mode & OTHERS_MAY_WRITE) !== 0;
}

/**
 * Why a directory is no place for the metrics of this user: whoever may write to it can put files of their own there, and
 * links.
 * @param reading whether nothing is to be written there: root may read what is another user's
 * @returns undefined where it is one, or is still to be made
 */
export function distrust(directory: string, reading = false): string | undefined {
  const stat = lstatSync(directory, { throwIfNoEntry: false });
  if (stat === undefined || (isShared() && stat.isDirectory())) return undefined;
  if (stat.isSymbolicLink()) return "is a link, which others may turn elsewhere; give the directory that it leads to";
  if (!stat.isDirectory()) return "is no directory";
  const remedy = "take a folder of this user's alone, or say that it is meant with FLUSHGUARD_MULTIPROCESS_SHARED=1";
  if (isOfAnother(stat) && !(reading && process.geteuid?.() === 0)) return `is another user's; ${remedy}`;
  return mayOthersWrite(stat) ? `may be written to by other users; ${remedy}` : undefined;
}
