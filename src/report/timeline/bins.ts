import type { Fate, Trace } from "../../proofs/trace/trace.js";
import type { Scale } from "./scale.js";

/** Record calls that are drawn as one column. */
export interface Bin {
  /** Its middle, in percent of the width. */
  x: number;
  fates: Readonly<Record<Fate, number>>;
  total: number;
}

/** From the bottom of a column up: what is wrong is on top, where its mark is. */
export const STACK: readonly Fate[] = ["delivered", "dropped", "doubled", "lost"];
export const WRONG: readonly Fate[] = ["doubled", "lost"];

/** Columns over the whole width. */
export const BINS = 100;

/** The record calls of a run by where they are drawn: however many there are, none is left out. */
export function binsOf({ records }: Trace, scale: Scale): Bin[] {
  const bins = new Map<number, Record<Fate, number>>();
  for (const [at, fate, count] of records) {
    const index = Math.min(BINS - 1, Math.floor((scale.at(at) / 100) * BINS));
    const fates = bins.get(index) ?? { delivered: 0, lost: 0, doubled: 0, dropped: 0 };
    fates[fate] += count;
    bins.set(index, fates);
  }
  return [...bins]
    .sort(([a], [b]) => a - b)
    .map(([index, fates]) => ({
      x: ((index + 0.5) * 100) / BINS,
      fates,
      total: Object.values(fates).reduce((sum, one) => sum + one, 0),
    }));
}
