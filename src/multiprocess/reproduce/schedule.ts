import { pick, type Random } from "./random.js";

export const ALL_WRITERS: readonly number[] = [0, 1, 2, 3, 4, 5, 6];

export interface Reconfiguration {
  /** Milliseconds that pass before it: about half a second. */
  afterMs: number;
  /** Which writers run from then on, in the order of their start: at least one. */
  writers: number[];
}

/** The next reconfiguration, the same one for the same numbers. */
export function nextReconfiguration(random: Random): Reconfiguration {
  const afterMs = 350 + Math.floor(random() * 150);
  const left = [...ALL_WRITERS];
  const writers: number[] = [];
  for (let more = pick(random, ALL_WRITERS); more >= 0; more--) {
    writers.push(...left.splice(Math.floor(random() * left.length), 1));
  }
  return { afterMs, writers };
}
