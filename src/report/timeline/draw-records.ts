import type { Trace } from "../../proofs/trace/trace.js";
import { type Html, html } from "../html.js";
import { BINS, type Bin, binsOf, STACK, WRONG } from "./bins.js";
import { columnLabels } from "./column-labels.js";
import type { Drawing } from "./draw-bars.js";
import { timesOf } from "./numbers.js";
import { percent } from "./place.js";
import type { Scale } from "./scale.js";

const MARKS = 11;
const COLUMNS = 34;
const WIDTH = (100 / BINS) * 0.72;

/** Percent of the width that a mark takes on the narrowest screen. */
const MARK_WIDTH = 2.6;

/** Draws the record calls as columns, as high as there are calls in them, with a mark over those lost or doubled. */
export function drawRecords(trace: Trace, scale: Scale, top: number): Drawing {
  const bins = binsOf(trace, scale);
  const highest = Math.max(1, ...bins.map(({ total }) => total));
  const line = trace.counted === undefined ? undefined : scale.at(trace.counted);
  const labels = columnLabels(bins, timesOf(trace), top, line);
  const base = top + labels.height + MARKS + COLUMNS;
  return {
    height: base - top,
    drawing: html`<g class="record"><text class="row" x="-8" y="${base - 12}">record</text><line class="axis" x1="0" x2="100%" y1="${base}" y2="${base}"/>${bins.map((bin) => column(bin, highest, base))}${marks(bins, highest, base)}${labels.drawing}${bins.length === 0 ? html`<text class="quiet" x="0" y="${base - 12}">not noted by this proof</text>` : undefined}</g>`,
  };
}

/** By the root: one lost record next to a thousand is still seen. */
const heightOf = (count: number, highest: number): number => 6 + Math.sqrt(count / highest) * (COLUMNS - 6);

function column({ x, fates, total }: Bin, highest: number, base: number): Html[] {
  const height = heightOf(total, highest);
  const present = STACK.filter((fate) => fates[fate] > 0);
  const least = 4;
  const share = height - least * present.length;
  let y = base;
  return present.map((fate) => {
    const part = least + (share * fates[fate]) / total;
    y -= part;
    return html`<rect class="${fate}" data-count="${fates[fate]}" x="${percent(x - WIDTH / 2)}" width="${percent(WIDTH)}" y="${y.toFixed(1)}" height="${part.toFixed(1)}"/>`;
  });
}

function marks(bins: readonly Bin[], highest: number, base: number): Html[] {
  return WRONG.flatMap((fate) =>
    highestOf(bins.filter(({ fates }) => fates[fate] > 0)).map(({ x, fates, total }) => {
      const y = base - heightOf(total, highest) - 6;
      const both = WRONG.every((one) => fates[one] > 0);
      const aside = both ? html` transform="translate(${fate === "lost" ? 5 : -5} 0)"` : undefined;
      return html`<use href="#${fate}" x="${percent(x)}" y="${y.toFixed(1)}"${aside}/>`;
    }),
  );
}

/** Of columns that are closer together than marks can be, the highest. */
function highestOf(bins: readonly Bin[]): Bin[] {
  const kept: Bin[] = [];
  let from = Number.NEGATIVE_INFINITY;
  for (const bin of bins) {
    const last = kept.at(-1);
    if (last === undefined || bin.x - from >= MARK_WIDTH) {
      kept.push(bin);
      from = bin.x;
    } else if (bin.total > last.total) {
      kept[kept.length - 1] = bin;
    }
  }
  return kept;
}
