import { closeSync } from "node:fs";

/** Closes a file. What close(2) refuses is told too late to be of use: the descriptor is gone all the same. Never throws. */
export function close(fd: number): void {
  try {
    closeSync(fd);
  } catch {
    // Nothing is left to be done.
  }
}
