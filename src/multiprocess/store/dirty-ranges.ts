import { EXEMPLAR, SLOT } from "./format.js";

/** Bytes that are cheaper to write once more than to skip by a second call. */
const GAP = 4096;

/** Slots of the file, and the exemplars behind them. */
export interface Place {
  /** Position of the first slot; -1 where there is none. */
  readonly at: number;
  readonly slots: number;
  readonly exemplars: number;
}

/** The parts of the file that these places are in, as [start, end]: few and long rather than many and short. */
export function dirtyRanges(dirty: readonly Place[]): [number, number][] {
  if (dirty.length === 0) return [];
  let [lowest, highest] = rangeOf(dirty[0] as Place);
  for (const place of dirty) {
    const [start, end] = rangeOf(place);
    if (start < lowest) lowest = start;
    if (end > highest) highest = end;
  }
  // Then no gap between them is worth looking for.
  if (highest - lowest <= dirty.length * GAP) return [[lowest, highest]];
  const ranges: [number, number][] = [];
  let last: [number, number] | undefined;
  for (const place of [...dirty].sort((a, b) => a.at - b.at)) {
    const range = rangeOf(place);
    if (last !== undefined && range[0] - last[1] <= GAP) {
      last[1] = range[1];
    } else {
      ranges.push(range);
      last = range;
    }
  }
  return ranges;
}

function rangeOf({ at, slots, exemplars }: Place): [number, number] {
  return [at, at + slots * SLOT + exemplars * EXEMPLAR];
}
