/** Both ends in percent of the width. */
export type Extent = readonly [from: number, to: number];

/** Percent of the width that a character takes on the narrowest screen. */
const CHARACTER = 2.3;

/** A coordinate in percent. */
export function percent(x: number): string {
  return `${Number(x.toFixed(2))}%`;
}

/** The side of a text that is at a coordinate, so that it stays inside. */
export function anchorAt(x: number): "start" | "middle" | "end" {
  if (x < 10) return "start";
  return x > 90 ? "end" : "middle";
}

/** What a text at a coordinate takes. */
export function extentOf(x: number, text: string): Extent {
  const width = text.length * CHARACTER;
  const from = { start: x, middle: x - width / 2, end: x - width }[anchorAt(x)];
  return [from, from + width];
}

export function overlap(one: Extent, other: Extent): boolean {
  return one[0] < other[1] && other[0] < one[1];
}
