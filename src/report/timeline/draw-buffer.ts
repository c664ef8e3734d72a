import type { BufferEvent } from "../../proofs/trace/recorder.js";
import type { Trace } from "../../proofs/trace/trace.js";
import { type Html, html } from "../html.js";
import type { Drawing } from "./draw-bars.js";
import { overlap, type Placed, percent, placed, placeOf } from "./place.js";
import type { Scale } from "./scale.js";

/** More of them would hide what they are about. */
const MOST_MARKS = 6;
const GAP = 4;
const LINE = 12;
/** One line for each word: a buffer is often read and cleared in one moment. */
const WORDS = ["read", "cleared"] as const;

interface Label {
  place: Placed;
  marks: number;
}

/**
 * Draws when a flush read the buffer and when it cleared it: lines down to a row of their own, below the flushes.
 * @param from where the lines begin
 * @param top where the row is
 */
export function drawBuffer(trace: Trace, scale: Scale, from: number, top: number): Drawing {
  const marks = tellingMarks(trace);
  if (marks.length === 0) return { drawing: html``, height: 0 };
  const lines = marks.map(({ at }) => {
    const x = percent(scale.at(at));
    return html`<line x1="${x}" x2="${x}" y1="${from}" y2="${top + GAP}"/>`;
  });
  const line = trace.counted === undefined ? undefined : scale.at(trace.counted);
  const labels = WORDS.map((word, i) => {
    const places = marks.filter(({ what }) => what === word).map(({ at }) => scale.at(at));
    return labelsOf(word, places, line).map((label) => drawLabel(label, word, top + GAP + (i + 1) * LINE - 2));
  });
  return {
    height: GAP + WORDS.length * LINE,
    drawing: html`<g class="buffer">${lines}<text class="row" x="-8" y="${top + GAP + LINE + 4}">buffer</text>${labels}</g>`,
  };
}

/** Those between which something was lost, where something was. */
function tellingMarks({ buffer = [], records }: Trace): BufferEvent[] {
  const lossy = buffer.flatMap((cleared, i) => {
    const read = buffer.slice(0, i).findLast(({ what }) => what === "read");
    if (cleared.what === "read" || read === undefined) return [];
    const isLossy = records.some(([at, fate]) => fate === "lost" && at >= read.at && at <= cleared.at);
    return isLossy ? [read, cleared] : [];
  });
  return (lossy.length > 0 ? [...new Set(lossy)] : buffer).slice(0, MOST_MARKS);
}

/** Marks that are too close together for a label each share one. */
function labelsOf(word: string, places: readonly number[], line: number | undefined): Label[] {
  const labels: Label[] = [];
  for (const x of places) {
    const place = placed(x, `${word} ×2 `, line);
    const last = labels.at(-1);
    if (last !== undefined && overlap(last.place.extent, place.extent)) last.marks++;
    else labels.push({ place, marks: 1 });
  }
  return labels;
}

function drawLabel({ place, marks }: Label, word: string, y: number): Html {
  const times = marks > 1 ? ` ×${marks}` : "";
  return html`<text ${placeOf(place, y)}>${word}${times}</text>`;
}
