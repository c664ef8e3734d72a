import { statSync, utimesSync } from "node:fs";
import { timeOfDay } from "../../timers.js";

/** That of this thread. */
let own = 0;

/** Tells the processes that somebody has read their files. */
export function leaveMark(directory: string): void {
  const time = timeOfDay();
  try {
    utimesSync(directory, time / 1000, time / 1000);
    own = time;
  } catch {
    // Not the owner: the processes do not wait for it.
  }
}

/** @returns milliseconds since 1970; 0 where it cannot be looked at */
export function lastMark(directory: string): number {
  try {
    return Math.round(statSync(directory, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  } catch {
    return 0;
  }
}

/** Whether this thread has left it. */
export function isOwnMark(mark: number): boolean {
  return mark === own;
}
