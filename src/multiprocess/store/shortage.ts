const CODES: readonly unknown[] = ["EMFILE", "ENFILE", "ENOMEM"];

/** Whether the system has no descriptors or no memory left: it refuses whatever it is asked for. */
export function isShortage(error: unknown): boolean {
  return CODES.includes((error as NodeJS.ErrnoException).code);
}

/** Whether it refuses for now: it has none left, or the disk fails. */
export function isForNow(error: unknown): boolean {
  return isShortage(error) || (error as NodeJS.ErrnoException).code === "EIO";
}
