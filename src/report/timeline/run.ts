import type { Trace } from "../../proofs/trace/trace.js";
import { type Html, html } from "../html.js";
import { callBars, sendBars } from "./bars.js";
import { drawBars } from "./draw-bars.js";
import { drawBuffer } from "./draw-buffer.js";
import { drawRecords } from "./draw-records.js";
import { milliseconds } from "./numbers.js";
import { anchorAt, percent } from "./place.js";
import type { Scale } from "./scale.js";

const TOP = 18;
const AXIS = 24;

export interface RunOptions {
  scale: Scale;
  /** When the run ends, for what never settles. Milliseconds. */
  end: number;
  /** Begins the ids of the title and the description. */
  id: string;
  title: string;
  description: string;
  /** Whether the axis is labelled under this run. */
  axis: boolean;
}

/** Draws one run: record calls, flush calls and sends above each other, on the axis of both runs. */
export function drawRun(trace: Trace, { scale, end, id, title, description, axis }: RunOptions): Html {
  const records = drawRecords(trace, scale, TOP);
  const calls = drawBars(callBars(trace, scale, end), "flush", TOP + records.height);
  const belowCalls = TOP + records.height + calls.height;
  const buffer = drawBuffer(trace, scale, TOP, belowCalls);
  const sends = drawBars(sendBars(trace, scale, end), "send", belowCalls + buffer.height);
  const bottom = belowCalls + buffer.height + sends.height;
  return html`<svg class="run" role="img" height="${bottom + (axis ? AXIS : 0)}" aria-labelledby="${id}-title" aria-describedby="${id}-facts">
<title id="${id}-title">${title}</title><desc id="${id}-facts">${description}</desc>
${scale.breaks.map(
  ({ from, to }) =>
    html`<rect class="break" x="${percent(from)}" y="0" width="${percent(to - from)}" height="${bottom}"/>`,
)}
${scale.ticks.map((time) => {
  const x = percent(scale.at(time));
  return html`<line class="grid" x1="${x}" x2="${x}" y1="${TOP}" y2="${bottom}"/>`;
})}
<line class="axis" x1="0" x2="100%" y1="${bottom}" y2="${bottom}"/>
${trace.counted === undefined ? undefined : counted(scale.at(trace.counted), bottom)}
${[buffer.drawing, records.drawing, calls.drawing, sends.drawing]}
${axis ? scale.ticks.map((time) => tick(time, scale.at(time), bottom)) : undefined}
</svg>`;
}

function counted(at: number, bottom: number): Html {
  const x = percent(at);
  const before = at > 75;
  return html`<g class="counted"><line x1="${x}" x2="${x}" y1="2" y2="${bottom}"/><svg x="${x}" overflow="visible"><path d="M0 2h${before ? -5 : 5}v4h${before ? 5 : -5}z"/><text x="${before ? -9 : 9}" y="9" text-anchor="${before ? "end" : "start"}">app goes on</text></svg></g>`;
}

function tick(time: number, x: number, bottom: number): Html {
  return html`<line class="axis" x1="${percent(x)}" x2="${percent(x)}" y1="${bottom}" y2="${bottom + 4}"/><text class="tick" x="${percent(x)}" y="${bottom + 16}" text-anchor="${anchorAt(x)}">${milliseconds(time)}</text>`;
}
