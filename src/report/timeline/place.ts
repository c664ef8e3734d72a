import { type Html, html } from "../html.js";

/** Both ends in percent of the width. */
export type Extent = readonly [from: number, to: number];

/** Percent of the width that a character takes on the narrowest screen. */
const CHARACTER = 2.3;

/** A coordinate in percent. */
export function percent(x: number): string {
  return `${Number(x.toFixed(2))}%`;
}

type Anchor = "start" | "middle" | "end";

/** The side of a text that is at a coordinate, so that it stays inside. */
export function anchorAt(x: number): Anchor {
  if (x < 10) return "start";
  return x > 90 ? "end" : "middle";
}

/** Where a text is written, and what it takes. */
export interface Placed {
  x: number;
  anchor: Anchor;
  /** Pixels. */
  dx: number;
  extent: Extent;
}

/** Pixels between a text and the line that it stays off. */
const GAP = 4;

/** A text at a coordinate, inside and on one side of a vertical line. */
export function placed(x: number, text: string, line?: number): Placed {
  const usual: Placed = { x, anchor: anchorAt(x), dx: 0, extent: extentOf(x, text, anchorAt(x)) };
  if (line === undefined || !isWithin(line, usual.extent)) return usual;
  const [left, right] = [Math.min(x, line), Math.max(x, line)];
  const before: Placed = { x: left, anchor: "end", dx: -GAP, extent: extentOf(left, text, "end") };
  const after: Placed = { x: right, anchor: "start", dx: GAP, extent: extentOf(right, text, "start") };
  const sides = x <= line ? [before, after] : [after, before];
  return sides.find(({ extent }) => extent[0] >= 0 && extent[1] <= 100) ?? usual;
}

/** The attributes that place a text. */
export function placeOf({ x, anchor, dx }: Placed, y: number): Html {
  return html`x="${percent(x)}" y="${y}" text-anchor="${anchor}"${dx === 0 ? undefined : html` dx="${dx}"`}`;
}

function extentOf(x: number, text: string, anchor: Anchor): Extent {
  const width = text.length * CHARACTER;
  const from = { start: x, middle: x - width / 2, end: x - width }[anchor];
  return [from, from + width];
}

const isWithin = (x: number, [from, to]: Extent): boolean => from <= x && x <= to;

export function overlap(one: Extent, other: Extent): boolean {
  return one[0] < other[1] && other[0] < one[1];
}
