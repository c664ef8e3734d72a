import { type Html, html } from "../html.js";
import { type Bar, labelSide, NARROW, type Row } from "./bars.js";
import { percent } from "./place.js";

/** A part of a drawing and the pixels it takes. */
export interface Drawing {
  drawing: Html;
  height: number;
}

const GAP = 10;

/** Draws a row of bars from this height down. */
export function drawBars({ lanes, crowded, events }: Row, name: string, top: number): Drawing {
  const [thickness, step] = crowded ? [7, 9] : [17, 21];
  const drawn = lanes.map((lane, i) => lane.map((bar) => drawBar(bar, top + GAP + i * step, thickness, crowded)));
  const height = Math.max(step * lanes.length, crowded ? 28 : 21);
  // Where bars have no labels, how many they stand for.
  const number = crowded
    ? html`<text class="row" x="-8" y="${top + GAP + 24}">×${events.toLocaleString("en")}</text>`
    : undefined;
  return {
    height: GAP + height + 3,
    drawing: html`<g class="${name}"><text class="row" x="-8" y="${top + GAP + (crowded ? 10 : 12)}">${name}</text>${number}${drawn}</g>`,
  };
}

function drawBar(bar: Bar, y: number, height: number, crowded: boolean): Html {
  const { from, to, kind } = bar;
  const isMark = to - from < NARROW;
  const shape = isMark
    ? html`<svg x="${percent(from)}" overflow="visible"><rect x="-2" y="${y}" width="4" height="${height}" rx="1"/></svg>`
    : html`<rect x="${percent(from)}" y="${y}" width="${percent(to - from)}" height="${height}" rx="2"/>`;
  const label = crowded ? undefined : drawLabel(bar, y, height);
  return html`<g class="${kind}${isMark ? " mark" : ""}">${shape}${label}</g>`;
}

function drawLabel(bar: Bar, y: number, height: number): Html {
  const { from, to, label, short } = bar;
  const middle = height / 2 + 4;
  const side = labelSide(bar);
  if (side === "inside") {
    return html`<svg x="${percent(from)}" y="${y}" width="${percent(to - from)}" height="${height}"><text class="within long" x="6" y="${middle}">${label}</text><text class="within short" x="3" y="${middle}">${short}</text></svg>`;
  }
  const [x, dx, anchor] = side === "before" ? [from, -7, "end"] : [to, 7, "start"];
  const place = html`x="${percent(x)}" dx="${dx}" y="${y + middle}" text-anchor="${anchor}"`;
  return html`<text class="long" ${place}>${label}</text><text class="short" ${place}>${short}</text>`;
}
