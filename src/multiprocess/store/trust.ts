import { lstatSync, realpathSync, type Stats, statSync } from "node:fs";
import { dirname } from "node:path";
import { environment } from "../../config/environment.js";

/** Group and others. */
const OTHERS_MAY_WRITE = 0o022;
/** Anybody; and that nobody may rename there what is another's. */
const [ANYBODY_MAY_WRITE, STICKY] = [0o002, 0o1000];

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

/** A folder, of all that a directory is in, where anybody may put another in its place. */
function openParent(directory: string): string | undefined {
  if (process.geteuid === undefined) return undefined;
  try {
    let folder = realpathSync(directory);
    while (folder !== dirname(folder)) {
      folder = dirname(folder);
      const { mode } = statSync(folder);
      if ((mode & ANYBODY_MAY_WRITE) !== 0 && (mode & STICKY) === 0) return folder;
    }
  } catch {
    // Not for this process to look at, as under the permission model.
  }
  return undefined;
}

function mayOthersWrite({ mode }: Stats): boolean {
  return process.geteuid !== undefined && (mode & OTHERS_MAY_WRITE) !== 0;
}

/**
 * Why a directory is no place for the metrics of this user: whoever may write to it can put files of their own there, and
 * links; whoever may write to one that it is in can put all of it elsewhere.
 * @param reading whether nothing is to be written there: root may read what is another user's
 * @returns undefined where it is one, or is still to be made
 */
export function distrust(directory: string, reading = false): string | undefined {
  const stat = lstatSync(directory, { throwIfNoEntry: false });
  if (stat === undefined || (isShared() && stat.isDirectory())) return undefined;
  if (stat.isSymbolicLink()) return "is a link, which others may turn elsewhere; give the directory that it leads to";
  if (!stat.isDirectory()) return "is no directory";
  const remedy = "take a folder of this user's alone, or say that it is meant with FLUSHGUARD_MULTIPROCESS_SHARED=1";
  if (isOfAnother(stat) && !(reading && process.geteuid?.() === 0))
    return `is another user's; run as that user (${stat.uid}), ${remedy}`;
  if (mayOthersWrite(stat)) return `may be written to by other users; ${remedy}`;
  const parent = openParent(directory);
  return parent === undefined
    ? undefined
    : `is in ${parent}, where other users may put another in its place; ${remedy}`;
}
