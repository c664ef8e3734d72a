import { createRequire } from "node:module";

interface Native {
  tryLock(fd: number, offset: number, length: number, options?: { shared: boolean }): boolean;
}

const require = createRequire(import.meta.url);

let native: Native | undefined | null;

/** Prebuilt for most platforms; where it does not load, `locks()` gives undefined. */
function load(): Native | undefined {
  try {
    return require("fs-native-extensions") as Native;
  } catch {
    return undefined;
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
  take: (fd) => (native as Native).tryLock(fd, AT, 1),
  isHeld: (fd) => !(native as Native).tryLock(fd, AT, 1, { shared: true }),
};

/** @returns undefined on a platform without them */
export function kernelLocks(): Locks | undefined {
  if (native === undefined) native = load() ?? null;
  return native === null ? undefined : locks;
}
