import { readFileSync, renameSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { timeOfDay } from "../../timers.js";
import { RETAINED } from "../store/file-name.js";
import { type Identity, newIdentity } from "../store/identity.js";
import { identityOf } from "./check-meta.js";
import { ABANDONED_MS, isRunning } from "./liveness.js";
import { lockDatabase } from "./lock-database.js";

/**
 * For platforms without kernel locks: a file that says who holds it. Where Node has SQLite its holder has locked a database
 * too, which the kernel releases with the process: whoever gets that lock knows that a holder who had it is dead.
 * @returns what releases it; undefined where another has it
 */
export function lockByFile(directory: string): (() => void) | undefined {
  const database = lockDatabase(join(directory, `${RETAINED}.sqlite`));
  if (database === "held") return undefined;
  const path = join(directory, `${RETAINED}.lock`);
  if (create(path, database !== undefined)) {
    return () => {
      try {
        unlinkSync(path);
      } finally {
        database?.unlock();
      }
    };
  }
  database?.unlock();
  return undefined;
}

/** @param locked whether this process has locked the database */
function create(path: string, locked: boolean): boolean {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(path, JSON.stringify({ ...newIdentity(), locked }), { flag: "wx", mode: 0o600 });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST" || !removeStale(path, locked)) return false;
    }
  }
  return false;
}

function removeStale(path: string, locked: boolean): boolean {
  try {
    const content = readFileSync(path);
    if (!isStale(path, holderOf(content), locked)) return false;
    const taken = `${path}.${newIdentity().random}`;
    renameSync(path, taken);
    // Another process may have been as quick, and have made its own.
    const stale = readFileSync(taken).equals(content);
    if (stale) unlinkSync(taken);
    else renameSync(taken, path);
    return stale;
  } catch {
    return false;
  }
}

/** @returns undefined while it does not say: its maker is about to, or was killed before or had no room on the disk */
function holderOf(content: Buffer): Identity | undefined {
  try {
    return identityOf(content);
  } catch {
    return undefined;
  }
}

function isStale(path: string, holder: Identity | undefined, locked: boolean): boolean {
  if (holder === undefined) return timeOfDay() - statSync(path).mtimeMs > ABANDONED_MS;
  return (locked && holder.locked) || !isRunning(holder);
}
