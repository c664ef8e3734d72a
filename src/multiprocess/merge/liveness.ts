import { type Identity, pidNamespace, startOf } from "../store/identity.js";
import { kernelLocks } from "../store/lock.js";

/** Whether a file's writer still has it open. Ask before reading it: what a dead one has written stays as it is. */
export function isOpenElsewhere(fd: number): boolean | undefined {
  return kernelLocks()?.isHeld(fd);
}

/** The same by process id, where the platform has no kernel locks. A process of another container is taken for alive. */
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
