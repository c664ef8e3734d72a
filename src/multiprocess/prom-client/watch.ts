import type { Series } from "../store/series.js";
import type { Entry } from "./shapes.js";

/** A series of a metric in this process. */
export interface Watched {
  readonly key: string;
  /** As it is now; undefined once it was removed. */
  entry(): Entry | undefined;
  /** Where it is in the store, for who writes it there. */
  series: Series | undefined;
  /** Of a histogram, what it had counted when it was last written there. */
  counted: number;
}

/** Sees which series of a metric an app touches, at next to no cost for the app. */
export interface Watch {
  /** Whether the metric has another container than the one that is watched: an app may empty it so. */
  readonly isReplaced: boolean;
  /** @returns those that may have changed since the last time, which are new and watched from now on among them */
  take(): Watched[];
  /** Runs a method of the client's that removes a series, and sees which. */
  removing<Result>(remove: () => Result): Result;
  /** Looks at all of them again, also for their place in the store: the client may have another container, or others in it. */
  refresh(): void;
  /** Looks at some of the entries, in turn: an app may have deleted or replaced them by hand. */
  lookUp?(): void;
  /** Leaves the container as the client made it. */
  stop(): void;
}

/** Called when a series may have changed, once or more often until `take`. */
export type OnTouch = () => void;
