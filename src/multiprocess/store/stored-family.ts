import type { Meta } from "../meta.js";
import { FLAG } from "./format.js";

/** A metric in a store. */
export class StoredFamily {
  /** Its number among the families of the file; -1 while it is not in it. */
  number = -1;
  /** Position of its slot. */
  at = -1;
  readonly slots = 1;
  readonly exemplars = 0;
  dirty = false;
  /** As `FLAG` has them. */
  flags = 0;
  /** Series that are in the file and not taken out. */
  size = 0;

  constructor(
    readonly meta: Meta,
    /** The same for the same metric. */
    readonly key: string,
  ) {}
}

/** Whether nobody can ask for it any more: it is in no registry and has no series. */
export function isGone({ size, flags }: StoredFamily): boolean {
  return size === 0 && (flags & FLAG.unregistered) !== 0;
}
