import { createRequire } from "node:module";

/** What fs-native-extensions has compiled. */
interface Native {
  /** @throws with the code EAGAIN where it is locked */
  tryLock(fd: number, offset: number, length: number, exclusive: boolean): void;
}

const require = createRequire(import.meta.url);

let native: Native | undefined | null;

/**
 * Prebuilt for most platforms; where it does not load, `kernelLocks()` gives undefined. The package itself looks for it with
 * the resolution of another runtime, which takes longer than all else that a process does to record one increment.
 */
function load(): Native | undefined {
  try {
    const { platform, arch } = process;
    return require(`fs-native-extensions/prebuilds/${platform}-${arch}/fs-native-extensions.node`) as Native;
  } catch {
    return undefined;
  }
}

function tryLock(fd: number, exclusive: boolean): boolean {
  try {
    (native as Native).tryLock(fd, AT, 1, exclusive);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return false;
    throw error;
  }
}

/** Locks that the kernel releases when their file is closed, however the process ends. */
export interface Locks {
  /** @returns whether the file is now locked through this descriptor, until it is closed */
  take(fd: number): boolean;
  /** @returns whether another descriptor holds the lock */
  isHeld(fd: number): boolean;
}

/** Beyond the end of every file: where locks are mandatory, nobody may read what is locked. */
const AT = 2 ** 40;

const locks: Locks = {
  take: (fd) => tryLock(fd, true),
  isHeld: (fd) => !tryLock(fd, false),
};

/** @returns undefined on a platform without them */
export function kernelLocks(): Locks | undefined {
  if (native === undefined) native = load() ?? null;
  return native === null ? undefined : locks;
}
