import { EXEMPLAR, SLOT } from "./format.js";
import type { Series } from "./series.js";

/** Bytes that are cheaper to write once more than to skip by a second call. */
const GAP = 4096;

/** The parts of the file that hold these series, as [start, end]: few and long rather than many and short. */
export function dirtyRanges(dirty: readonly Series[]): [number, number][] {
  const [from, to] = extentOf(dirty);
  if (to - from <= dirty.length * GAP) return [[from, to]];
  const ranges: [number, number][] = [];
  let last: [number, number] | undefined;
  for (const series of [...dirty].sort((a, b) => a.at - b.at)) {
    const range = rangeOf(series);
    if (last !== undefined && range[0] - last[1] <= GAP) {
      last[1] = range[1];
    } else {
      ranges.push(range);
      last = range;
    }
  }
  return ranges;
}

function extentOf(dirty: readonly Series[]): [number, number] {
  let from = Number.POSITIVE_INFINITY;
  let to = 0;
  for (const series of dirty) {
    const [start, end] = rangeOf(series);
    if (start < from) from = start;
    if (end > to) to = end;
  }
  return [from, to];
}

function rangeOf({ at, slots, exemplars }: Series): [number, number] {
  return [at, at + slots * SLOT + exemplars * EXEMPLAR];
}
