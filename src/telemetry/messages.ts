/** Hazards as docs/how-it-works.md has them; `stranded` is what is still in a buffer as the process ends. */
export type Hazard =
  | "lost update"
  | "double send"
  | "re-entrancy"
  | "failed send"
  | "close"
  | "early return"
  | "stranded";

/** What `flushguard:hazard` carries: a hazard that the guard has averted, or that an observer has seen. */
export interface HazardMessage {
  /** Package name of the target, or the name of a class given to `guard()`. */
  target: string;
  hazard: Hazard;
  /** `averted` by the guard; `seen` and left as it was under `FLUSHGUARD=observe`. */
  outcome: "averted" | "seen";
  /** Records it concerns. Where those cannot be counted: 1, for the call. */
  count: number;
}

/**
 * What the channels of `tracingChannel("flushguard:flush")` carry: `start` and `end` around the call of the client's own
 * flush, `asyncStart` and `asyncEnd` when it has settled, `error` when it threw or rejected. One that throws is over at
 * `end`. One object for each flush; what is optional is there when it is over.
 */
export interface FlushMessage {
  /** Package name of the target, or the name of a class given to `guard()`. */
  target: string;
  /** Name of the method. */
  method: string;
  /** Records made while it was in flight and kept out of it: calls that were held, or what its fresh buffer holds. */
  held?: number;
  /** Records that it left in its batch and that went back to the buffer. */
  mergedBack?: number;
  /** It had not settled in time, and had lost the lock. */
  timedOut?: boolean;
  /** What it threw or rejected with. */
  error?: unknown;
}

/** What `flushguard:patch` carries: what became of a package, or of one file of it. */
export interface PatchMessage {
  /** Package name of the target, or the name of a class given to `guard()`. */
  target: string;
  /** Version of the package; absent for a class given to `guard()`. */
  version?: string;
  /** The package's folder; absent for a class given to `guard()`. */
  path?: string;
  /** File inside the package, where it is about one. */
  file?: string;
  /** `patched`: guarded, or observed under `FLUSHGUARD=observe`. `restored`: the original methods are back. */
  state: "patched" | "left alone" | "restored";
  /** Why it is left alone. */
  reason?: string;
}
