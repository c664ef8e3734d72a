import type { Aside } from "../buffers/aside.js";
import type { Contents } from "../buffers/contents.js";

/** How the records made during one flush are kept from it. */
export interface Protection {
  /** Whether they are, in one way or the other. */
  readonly keeps: boolean;
  /** Where they go, unless they are held. */
  readonly aside?: Aside;
  /** Whether the flush runs on a view of the instance. */
  readonly isViewed?: boolean;
  /** Whether the flush has taken its batch, out of every buffer, so that they need no longer be. */
  readonly isTaken: boolean;
  /** Whether the flush has taken something out of a buffer. */
  readonly hasTaken: boolean;
  /** Whether the flush is known to have taken nothing yet: if it called itself now, it would never end. */
  readonly isUntouched: boolean;
  /** Whether something has been recorded that no wrapper has seen. */
  readonly hasGrown: boolean;
  /** From here on `hasGrown` is about what comes. */
  look(): void;
  /** What the flush found, where the records that wait for it add nothing to that. */
  readonly found?: Contents;
  /** What was kept comes back. */
  end(): void;
}

/** What is seen of the buffers from outside of the flush. */
type Seen = Pick<Protection, "isTaken" | "hasTaken" | "isUntouched" | "hasGrown">;

/** @param toTheEnd whatever the flush has taken */
function keeping(
  seen: Seen,
  toTheEnd: boolean,
  rest: Pick<Protection, "aside" | "found" | "look" | "end">,
): Protection {
  return {
    ...rest,
    keeps: true,
    get isTaken() {
      return !toTheEnd && seen.isTaken;
    },
    get hasTaken() {
      return seen.hasTaken;
    },
    get isUntouched() {
      return seen.isUntouched;
    },
    get hasGrown() {
      return seen.hasGrown;
    },
  };
}

/**
 * Records go into buffers of their own.
 * @param end brings them back
 */
export function setAside(aside: Aside, end: () => void): Protection {
  return keeping(aside, false, { aside, look: () => aside.look(), end });
}

/**
 * Record calls wait.
 * @param toTheEnd whatever the flush has taken: its target says so
 */
export function hold(contents: Contents, toTheEnd: boolean): Protection {
  return keeping(contents, toTheEnd, { found: contents, look: () => contents.look(), end() {} });
}

/** Records go to the live buffer, as the flush has a view of the instance with a batch of its own. */
export const onView: Protection = {
  keeps: false,
  isViewed: true,
  isTaken: false,
  hasTaken: false,
  isUntouched: false,
  hasGrown: false,
  look() {},
  end() {},
};
