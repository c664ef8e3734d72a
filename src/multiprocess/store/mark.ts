import { statSync, utimesSync } from "node:fs";

/** That of this thread. */
let own = 0;

/** Tells the processes that somebody has read their files. */
export function leaveMark(directory: string): void {
  const now = new Date();
  try {
    utimesSync(directory, now, now);
    own = now.getTime();
  } catch {
    // Not the owner: the processes do not wait for it.
  }
}

/** @returns milliseconds since 1970; 0 where there is no directory */
export function lastMark(directory: string): number {
  const stat = statSync(directory, { throwIfNoEntry: false });
  return stat === undefined ? 0 : Math.round(stat.mtimeMs);
}

/** Whether this thread has left it. */
export function isOwnMark(mark: number): boolean {
  return mark === own;
}
