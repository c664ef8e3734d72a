import { type Identity, pidNamespace, startOf } from "../store/identity.js";
import { kernelLocks } from "../store/lock.js";

/** Whether the file is locked through another descriptor; undefined on a platform without kernel locks. */
export function isLocked(fd: number): boolean | undefined {
  return kernelLocks()?.isHeld(fd);
}

/** Whether there is such a process. One of another container is taken for alive, as its id says nothing here. */
export function isRunning({ pid, started, namespace }: Identity): boolean {
  if (namespace !== pidNamespace()) return true;
  const now = startOf(pid);
  if (now !== undefined) return now === started;
  try {
    process.kill(pid, 0);
    return namespace === "";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
