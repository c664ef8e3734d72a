import type { Result } from "../proofs/child.js";
import type { Measured, TargetReport } from "../proofs/results.js";
import type { Layout, Paint, Style } from "./paint.js";
import { type Cell, type Line, table } from "./table.js";
import { allLossless } from "./verify-targets.js";

const HEADINGS = ["client", "scenario", "hazard", "recorded", "unguarded", "guarded", ""];
const SCENARIO = 1;
const NUMBERS = [3, 4, 5];

function recorded({ guarded, unguarded }: Measured): number | undefined {
  return guarded.outcome?.recorded ?? unguarded.outcome?.recorded;
}

/** `138 (69)`: 138 delivered, 69 of them different. `90 of 95` where this run recorded another number than its row says. */
function delivered({ outcome }: Result, expected: number | undefined): string {
  if (outcome === undefined) return "error";
  const repeats = outcome.distinct === outcome.delivered ? "" : ` (${outcome.distinct})`;
  const total = outcome.recorded === expected ? "" : ` of ${outcome.recorded}`;
  return `${outcome.delivered}${repeats}${total}`;
}

function notes(label: string, { outcome, error }: Result, style: Style): Line[] {
  const lines = error === undefined ? (outcome?.violations ?? []) : [error];
  return lines.map((text) => ({ note: { text: `${label}: ${text}`, style } }));
}

function rows({ module, installed, scenarios }: TargetReport): Line[] {
  return scenarios.flatMap((measured, index): Line[] => {
    const { scenario, hazard, unguarded, guarded, lossless } = measured;
    const expected = recorded(measured);
    const verdict: Cell = lossless ? { text: "✓", style: "green" } : { text: "✗", style: "red" };
    const row: Cell[] = [
      { text: index === 0 ? [module, installed].filter(Boolean).join(" ") : "" },
      { text: scenario },
      { text: hazard ?? "" },
      { text: expected === undefined ? "?" : String(expected) },
      { text: delivered(unguarded, expected) },
      { text: delivered(guarded, expected) },
      verdict,
    ];
    return [row, ...notes("unguarded", unguarded, "dim"), ...notes("guarded", guarded, "red")];
  });
}

function leftOut({ module, status, installed, reason }: TargetReport): string[] {
  if (status === "not measured") return [`${module} ${installed} is not measured: ${reason}`];
  return status === "not covered" ? [`${module} ${installed} is left as it is: ${reason}`] : [];
}

/** One line, unless the clients were asked for by name: those that are not there are then told one by one. */
function notInstalled(reports: readonly TargetReport[], named: boolean): string[] {
  const missing = reports.filter(({ status }) => status === "not installed");
  if (named) return missing.map(({ module }) => `${module}: not installed`);
  if (missing.length === 0 || missing.length === reports.length) return [];
  const [others, them] = missing.length === 1 ? ["1 other is", "it"] : [`${missing.length} others are`, "them"];
  return [`${others} not installed (npx flushguard verify --help names ${them}).`];
}

function verdict(reports: readonly TargetReport[], cwd: string, paint: Paint): string {
  const scenarios = reports.flatMap((report) => report.scenarios);
  if (reports.every(({ status }) => status === "not installed")) {
    const count = reports.length === 1 ? "This client is not" : `None of ${reports.length} clients is`;
    return `${count} installed in ${cwd}: nothing to verify.`;
  }
  if (scenarios.length === 0) return "Nothing was measured.";
  const whole = scenarios.filter(({ lossless }) => lossless).length;
  const text = `${whole} of ${scenarios.length} scenarios deliver everything exactly once with the guard.`;
  return paint(allLossless(reports) ? "green" : "red", text);
}

/** The table of what was measured, a line for each target that was not, and the verdict. */
export function printable(
  reports: readonly TargetReport[],
  { cwd, named, width, paint }: { cwd: string /** They were asked for by name. */; named: boolean } & Layout,
): string {
  const measured = reports.flatMap(rows);
  const headings: Line = HEADINGS.map((text) => ({ text, style: "dim" }));
  const lines =
    measured.length === 0 ? [] : table([headings, ...measured], { width, elastic: SCENARIO, right: NUMBERS, paint });
  const asides = [...reports.flatMap(leftOut), ...notInstalled(reports, named)].map((text) => paint("dim", text));
  const blocks = [lines, asides, [verdict(reports, cwd, paint)]].filter((block) => block.length > 0);
  return `${blocks.map((block) => block.join("\n")).join("\n\n")}\n`;
}

const facts = ({ outcome, error }: Result) => outcome ?? { error };

/** The same facts as one JSON document. */
export function asJson(reports: readonly TargetReport[], cwd: string): string {
  const targets = reports.map(({ scenarios, ...report }) => ({
    ...report,
    scenarios: scenarios.map((measured) => ({
      ...measured,
      unguarded: facts(measured.unguarded),
      guarded: facts(measured.guarded),
    })),
  }));
  const document = { format: 1, node: process.version, cwd, lossless: allLossless(reports), targets };
  return `${JSON.stringify(document, null, 2)}\n`;
}
