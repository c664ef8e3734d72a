import { timeOfDay } from "../../timers.js";
import { type Identity, pidNamespace, startOf } from "../store/identity.js";
import { kernelLocks } from "../store/lock.js";

/** Whether the file is locked through another descriptor; undefined on a platform without kernel locks. */
export function isLocked(fd: number): boolean | undefined {
  return kernelLocks()?.isHeld(fd);
}

/** Milliseconds for which a file that is written to is not abandoned, where no lock tells. */
export const ABANDONED_MS = 60_000;

/** @param ms milliseconds since the epoch, of when a file was last written to */
export function isFresh(ms: number): boolean {
  return timeOfDay() - ms < ABANDONED_MS;
}

/**
 * Whether the writer of a file that does not say whose it is may live, where no lock tells.
 * @param pid as its name has it
 * @param writtenMs milliseconds since the epoch
 */
export function mayRun(pid: number, writtenMs: number): boolean {
  return isFresh(writtenMs) || startOf(pid) !== undefined || answers(pid, true);
}

/** Whether there is such a process. One of another container is taken for alive, as its id says nothing here. */
export function isRunning({ pid, started, namespace }: Identity): boolean {
  if (namespace !== pidNamespace()) return true;
  const now = startOf(pid);
  return now === undefined ? answers(pid, namespace === "") : now === started;
}

/** @param seen what to say where there is one that can be signalled */
function answers(pid: number, seen: boolean): boolean {
  try {
    process.kill(pid, 0);
    return seen;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
