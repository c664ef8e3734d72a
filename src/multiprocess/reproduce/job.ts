import type { FaultKind } from "./fault.js";
import type { Place } from "./mode.js";

/** What a writer is told to do. */
export interface Job {
  writer: number;
  place: Place;
  seed: number;
  /** Milliseconds since the epoch: the start barrier. Without: at once. */
  startAt?: number;
  /** Without: until it is told to stop. */
  steps?: number;
  /** Milliseconds from one step to the next. */
  everyMs: number;
}

/** What a writer says once it can take a job. */
export const READY = "ready";

/** What a writer is told before the folder goes: a store whose file was removed would make it again. */
export const LET_GO = "let go";

/** What a writer is told to end its job. */
export const STOP = "stop";

/** What a writer has done. */
export interface Report {
  recorded: number;
  fault?: { kind: FaultKind; message: string };
}
