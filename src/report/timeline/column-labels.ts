import type { Fate } from "../../proofs/trace/trace.js";
import { type Html, html } from "../html.js";
import { type Bin, STACK, WRONG } from "./bins.js";
import type { Drawing } from "./draw-bars.js";
import { overlap, type Placed, placed, placeOf } from "./place.js";

const LINE = 14;
/** Percent of the width between two columns that no longer share a label. */
const APART = 7;

/** Neighbouring columns that share a label. */
interface Cluster {
  from: number;
  to: number;
  fates: Record<Fate, number>;
}

interface Label {
  parts: { text: string; wrong: boolean }[];
  place: Placed;
}

const WORDS: Readonly<Record<Fate, string>> = {
  delivered: "",
  dropped: " refused",
  doubled: "",
  lost: " lost",
};

/**
 * The numbers above the columns. Those of what is wrong are all there, on further lines if need be.
 * @param doubled how often those arrived that arrived more than once
 * @param line of the whole height, which none of them crosses. Percent
 */
export function columnLabels(bins: readonly Bin[], doubled: string, top: number, line?: number): Drawing {
  const all = clustersOf(bins).map((cluster) => labelOf(cluster, doubled, line));
  const rows: Label[][] = [[]];
  const fits = (label: Label, row: Label[]): boolean =>
    row.every(({ place }) => !overlap(place.extent, label.place.extent));
  for (const label of all.filter(isWrong)) {
    const row = rows.find((candidate) => fits(label, candidate));
    if (row === undefined) rows.push([label]);
    else row.push(label);
  }
  const [first = []] = rows;
  for (const label of all) if (!isWrong(label) && fits(label, first)) first.push(label);
  const height = rows.length * LINE;
  return {
    height,
    drawing: html`${rows.map((row, i) => row.map((label) => draw(label, top + height - i * LINE - 4)))}`,
  };
}

function clustersOf(bins: readonly Bin[]): Cluster[] {
  const clusters: Cluster[] = [];
  for (const { x, fates } of bins) {
    const last = clusters.at(-1);
    if (last === undefined || x - last.to > APART) {
      clusters.push({ from: x, to: x, fates: { ...fates } });
    } else {
      last.to = x;
      for (const fate of STACK) last.fates[fate] += fates[fate];
    }
  }
  return clusters;
}

function labelOf({ from, to, fates }: Cluster, doubled: string, line: number | undefined): Label {
  const parts = STACK.filter((fate) => fates[fate] > 0).map((fate, i) => ({
    text: `${i > 0 ? " + " : ""}${fates[fate].toLocaleString("en")}${fate === "doubled" ? `${doubled === "twice" ? " " : ", "}${doubled}` : WORDS[fate]}`,
    wrong: WRONG.includes(fate),
  }));
  // With room for the gap on both sides.
  return { parts, place: placed((from + to) / 2, ` ${parts.map(({ text }) => text).join("")} `, line) };
}

const isWrong = ({ parts }: Label): boolean => parts.some(({ wrong }) => wrong);

function draw({ parts, place }: Label, y: number): Html {
  const text = parts.map((part) => (part.wrong ? html`<tspan class="wrong">${part.text}</tspan>` : part.text));
  return html`<text class="count" ${placeOf(place, y)}>${text}</text>`;
}
