import type { Result } from "../proofs/child.js";
import type { Measured, TargetReport } from "../proofs/results.js";
import type { Trace } from "../proofs/trace/trace.js";
import { describe, failureOf, wrongOf } from "./describe.js";
import { type Html, html } from "./html.js";
import { clientId, scenarioId } from "./ids.js";
import { drawRun } from "./timeline/run.js";
import { type Scale, scaleOf } from "./timeline/scale.js";

/** The scenarios of a client, each with its timeline. */
export function timelinesOf({ module, installed, scenarios }: TargetReport): Html {
  const telling = mostTelling(scenarios);
  return html`<section aria-labelledby="${clientId(module)}"><h3 id="${clientId(module)}">${module} <span class="version">${installed}</span></h3>
${scenarios.map((measured, i) => timeline(scenarioId(module, i), measured, measured === telling))}</section>
`;
}

/** The scenario with most to see: the largest part of its records lost or repeated. */
function mostTelling(scenarios: readonly Measured[]): Measured | undefined {
  const wrong = ({ unguarded: { outcome } }: Measured): number =>
    outcome === undefined ? 0 : 1 + (outcome.delivered + outcome.recorded - 2 * outcome.distinct) / outcome.recorded;
  return scenarios.toSorted((a, b) => wrong(b) - wrong(a))[0];
}

function timeline(id: string, measured: Measured, open: boolean): Html {
  const { scenario, hazard, wrong, unguarded, guarded, lossless } = measured;
  const times = [...timesOf(unguarded.trace), ...timesOf(guarded.trace)];
  const axis = { scale: scaleOf(times), end: Math.max(...times, 0) };
  const failure = failureOf(unguarded);
  return html`<details${open ? html` open` : undefined}><summary><span><h4>${scenario}</h4> <span class="hazard">${hazard}</span></span> <span class="change">${failure === undefined ? html`<span class="good">✓ all delivered once</span>` : html`<span class="wrong">✗ ${failure}</span>`} → ${lossless ? html`<span class="good">✓ all delivered once</span>` : html`<span class="wrong">✗ ${failureOf(guarded)}</span>`}</span></summary>
<figure id="${id}">
<p class="wrong-how">${wrong ?? wrongOf(hazard)}</p>
${run("Unguarded", unguarded, { ...axis, id: `${id}-unguarded`, axis: guarded.trace === undefined })}
${run("Guarded", guarded, { ...axis, id: `${id}-guarded`, axis: true })}
</figure></details>
`;
}

function timesOf(trace: Trace | undefined): number[] {
  if (trace === undefined) return [];
  const { records, calls, sends, counted, buffer = [] } = trace;
  return [
    ...buffer.map(({ at }) => at),
    ...records.map(([at]) => at),
    ...[...calls, ...sends].flatMap(({ from, to = from }) => [from, to]),
    ...(counted === undefined ? [] : [counted]),
  ];
}

function run(name: string, result: Result, options: { scale: Scale; end: number; id: string; axis: boolean }): Html {
  const { outcome, trace, error } = result;
  const failure = failureOf(result);
  const verdict =
    failure === undefined
      ? html`<span class="good">✓ everything delivered once</span>`
      : html`<span class="wrong">✗ ${failure}</span>`;
  const numbers =
    outcome === undefined
      ? undefined
      : html`<span>${outcome.recorded.toLocaleString("en")} recorded</span> <span>${outcome.delivered.toLocaleString("en")} delivered</span> `;
  const title = `${name}: ${outcome === undefined ? error : `${outcome.recorded} recorded, ${outcome.delivered} delivered`}`;
  const late =
    trace === undefined || trace.late === 0
      ? undefined
      : html` <span class="quiet">${trace.late.toLocaleString("en")} arrive too late</span>`;
  // What the verdict says is not said again.
  const notes = (error === undefined ? (outcome.violations ?? []) : [error]).filter((note) => !failure?.includes(note));
  return html`<div class="${name.toLowerCase()}"><p class="numbers"><strong>${name}</strong> ${numbers}${verdict}${late}</p>${notes.map((note) => html`<p class="note">${note}</p>`)}
${trace === undefined ? undefined : drawRun(trace, { ...options, title, description: describe(trace) })}</div>`;
}
