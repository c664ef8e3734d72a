const CODES: readonly unknown[] = ["EMFILE", "ENFILE", "ENOMEM", "EIO"];

/** Whether the system refuses for now, whatever it is asked for: it has no descriptors or no memory left, or the disk fails. */
export function isShortage(error: unknown): boolean {
  return CODES.includes((error as NodeJS.ErrnoException).code);
}
