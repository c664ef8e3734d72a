/** What the guard of one target has done since it was patched. */
export interface Counters {
  /** Original flushes run under the guard. */
  flushes: number;
  /** Flush calls answered by a follow-up flush shared with others. */
  joined: number;
  /** Record calls held during a flush. */
  held: number;
  /** Held record calls made since. */
  replayed: number;
  /** Flushes that left something in their batch, which went back to the live buffer. */
  mergedBack: number;
  /** Flushes that did not settle in time and lost the lock. */
  timeouts: number;
  /** Times the hold queue was full and the lock was released for it. */
  capHits: number;
  /** Errors inside the guard, or in a target's own functions. The one call or instance is then left as it is. */
  errors: number;
}

export function newCounters(): Counters {
  return { flushes: 0, joined: 0, held: 0, replayed: 0, mergedBack: 0, timeouts: 0, capHits: 0, errors: 0 };
}
