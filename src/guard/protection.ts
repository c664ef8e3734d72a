import type { Aside } from "./aside.js";
import type { Contents } from "./contents.js";

/** How the records made during one flush are kept from it. */
export interface Protection {
  /** Whether they are, in one way or the other. */
  readonly keeps: boolean;
  /** Where they go, unless they are held. */
  readonly aside?: Aside;
  /** Whether the flush runs on a view of the instance. */
  readonly isViewed?: boolean;
  /** Whether the flush has taken its batch, so that they need no longer be. */
  readonly isTaken: boolean;
  /** Whether the flush is known to have taken nothing yet: if it called itself now, it would never end. */
  readonly isUntouched: boolean;
  /** Whether something has been recorded that no wrapper has seen. */
  readonly hasGrown: boolean;
  /** The flush has returned: `hasGrown` is about what comes. */
  look(): void;
  /** What was kept comes back. */
  end(): void;
}

/**
 * Records go into buffers of their own.
 * @param end brings them back
 */
export function setAside(aside: Aside, end: () => void): Protection {
  return {
    keeps: true,
    aside,
    get isTaken() {
      return aside.isTaken;
    },
    get isUntouched() {
      return aside.isUntouched;
    },
    get hasGrown() {
      return aside.hasGrown;
    },
    look() {},
    end,
  };
}

/** Record calls wait. */
export function hold(contents: Contents): Protection {
  return {
    keeps: true,
    get isTaken() {
      return contents.isTaken;
    },
    get isUntouched() {
      return contents.isUntouched;
    },
    get hasGrown() {
      return contents.hasGrown;
    },
    look: () => contents.look(),
    end() {},
  };
}

/** Records run as they are: the flush has its batch, and only another flush must not overlap it. */
const lockOnly: Protection = {
  keeps: false,
  isTaken: false,
  isUntouched: false,
  hasGrown: false,
  look() {},
  end() {},
};

/** Record calls wait, whatever can be seen of the buffer: its target says so. */
export const holdAlways: Protection = { ...lockOnly, keeps: true };

/** Records go to the live buffer, as the flush has a view of the instance with a batch of its own. */
export const onView: Protection = { ...lockOnly, isViewed: true };
