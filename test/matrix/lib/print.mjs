import { paintFor } from "../../../dist/src/cli/paint.js";
import { table } from "../../../dist/src/cli/table.js";
import { failed, whole } from "./prove.mjs";

const HEADINGS = ["client", "version", "guarded", "unguarded"];

/**
 * Whether each run delivered everything exactly once; `!` for one that ended without a count.
 * @param {readonly object[]} runs
 */
const marks = (runs) => runs.map((run) => (run.error !== undefined ? "!" : failed(run) ? "✗" : "✓")).join("");

/** @param {object} run */
function told(run) {
  const { recorded, delivered, distinct, violations = [], error } = run;
  return error?.split("\n")[0] ?? [`${delivered} (${distinct} different) of ${recorded}`, ...violations].join("; ");
}

/** @param {string} text @param {import("../../../dist/src/cli/paint.js").Style} style */
const note = (text, style) => ({ note: { text, style } });

/** @param {import("./prove.mjs").Proven} proven */
function linesOf(proven) {
  const { module, version, error, scenarios } = proven;
  if (error !== undefined) return [[module, version, "not measured", ""].map(cell), note(error, "red")];
  const row = [
    { text: module },
    { text: version },
    { text: marks(scenarios.map((one) => one.guarded)), style: whole(proven) ? "green" : "red" },
    { text: marks(scenarios.map((one) => one.unguarded)) },
  ];
  const notes = scenarios.flatMap((one) => [
    ...(one.lossless ? [] : [note(`${one.scenario}, guarded: ${told(one.guarded)}`, "red")]),
    ...(failed(one.unguarded) ? [] : [note(`${one.scenario}, unguarded: loses nothing`, "dim")]),
    ...(one.unguarded.error === undefined ? [] : [note(`${one.scenario}, unguarded: ${told(one.unguarded)}`, "dim")]),
  ]);
  return [row, ...notes];
}

/** @param {string} text */
function cell(text) {
  return { text };
}

/**
 * A row for each version with a mark for each of its scenarios, and what is not as it should be below it.
 * @param {readonly import("./prove.mjs").Proven[]} all
 * @param {NodeJS.WriteStream} stream
 */
export function matrixTable(all, stream) {
  const headings = HEADINGS.map((text) => ({ text, style: "dim" }));
  const options = { width: stream.columns || 140, elastic: 0, right: [], paint: paintFor(stream) };
  return table([headings, ...all.flatMap(linesOf)], options).join("\n");
}

/** @param {readonly import("./prove.mjs").Proven[]} all */
export function totals(all) {
  const scenarios = all.flatMap((one) => one.scenarios);
  const lossless = scenarios.filter((one) => one.lossless).length;
  const losing = scenarios.filter((one) => failed(one.unguarded)).length;
  const modules = new Set(all.map((one) => one.module)).size;
  return (
    `${all.filter(whole).length} of ${all.length} versions of ${modules} packages; guarded, ${lossless} of ${scenarios.length} ` +
    `scenarios deliver everything exactly once, and unguarded ${losing} of them fail.`
  );
}
