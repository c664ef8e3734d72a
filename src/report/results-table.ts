import type { Result } from "../proofs/child.js";
import type { Measured, TargetReport } from "../proofs/results.js";
import { failureOf } from "./describe.js";
import { type Html, html } from "./html.js";
import { scenarioId } from "./ids.js";

/** The table of what was measured, and of what was not and why; in one paragraph, what is not installed. */
export function resultsTable(reports: readonly TargetReport[]): Html {
  const installed = reports.filter(({ status }) => status !== "not installed");
  const missing = reports.filter(({ status }) => status === "not installed").map(({ module }) => module);
  return html`${installed.length === 0 ? undefined : table(installed)}
${missing.length === 0 ? undefined : html`<p class="standing">Not installed: ${missing.join(", ")}.</p>`}`;
}

function table(reports: readonly TargetReport[]): Html {
  return html`<table>
<caption class="hidden">Records recorded and delivered in each scenario, without and with the guard</caption>
<thead><tr><th scope="col">Scenario</th><th scope="col" class="number">Recorded</th><th scope="col" class="result">Unguarded</th><th scope="col" class="result">Guarded</th></tr></thead>
${reports.map(client)}
</table>`;
}

function client(report: TargetReport): Html {
  const { module, installed, scenarios } = report;
  const note = standing(report);
  const version = installed === undefined ? undefined : html` <span class="version">${installed}</span>`;
  return html`<tbody${note === undefined ? undefined : html` class="absent"`}><tr><th scope="rowgroup" colspan="4" class="client">${module}${version}${note === undefined ? undefined : html` <span class="standing">${note}</span>`}</th></tr>
${scenarios.map((measured, i) => row(scenarioId(module, i), measured))}</tbody>`;
}

/** Why a client was not measured. */
function standing({ status, reason, scenarios }: TargetReport): string | undefined {
  if (status === "not covered") return `left as it is: ${reason}`;
  if (status === "not measured") return `not measured: ${reason}`;
  return scenarios.length === 0 ? "no scenario runs on this version" : undefined;
}

function row(id: string, measured: Measured): Html {
  const { scenario, hazard, unguarded, guarded, lossless } = measured;
  const recorded = guarded.outcome?.recorded ?? unguarded.outcome?.recorded;
  return html`<tr><th scope="row"><a href="#${id}">${scenario}</a> <span class="hazard">${hazard}</span></th><td class="number">${recorded?.toLocaleString("en") ?? "?"}</td><td class="result">${delivered(unguarded, recorded, failureOf(unguarded) === undefined)}</td><td class="result">${delivered(guarded, recorded, lossless)}</td></tr>
`;
}

function delivered(result: Result, recorded: number | undefined, whole: boolean): Html {
  const { outcome } = result;
  const number = outcome === undefined ? "–" : outcome.delivered.toLocaleString("en");
  const of =
    outcome === undefined || outcome.recorded === recorded ? "" : ` of ${outcome.recorded.toLocaleString("en")}`;
  const verdict = whole
    ? html`<span class="good" title="everything delivered once">✓</span><span class="hidden"> everything delivered once</span>`
    : html`<span class="wrong">✗ ${failureOf(result)}</span>`;
  return html`<span class="figure">${number}${of}</span> ${verdict}`;
}
