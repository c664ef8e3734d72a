import type { Entry } from "./shapes.js";

/** A series of a metric in this process. */
export interface Watched {
  readonly key: string;
  /** As it is now; undefined once it was removed. */
  entry(): Entry | undefined;
  touched: boolean;
}

/** Sees which series of a metric an app touches, at next to no cost for the app. */
export interface Watch {
  /** Looks at all of them again: the client has made itself another container, or has removed some. */
  refresh(): void;
  /** Leaves the container as the client made it. */
  stop(): void;
}

/** Called when a series may have changed. While it is `touched` that is known already. */
export type OnTouch = (watched: Watched) => void;
