import { lossless } from "../proofs/proof.js";
import type { TargetReport } from "../proofs/results.js";
import { type Html, html } from "./html.js";
import { legend, SYMBOLS } from "./legend.js";
import { resultsTable } from "./results-table.js";
import { STYLES } from "./styles.js";
import { timelinesOf } from "./timelines.js";

/** What the page says about the run it is of. */
export interface Circumstances {
  date: Date;
  /** Version of Node. */
  node: string;
  /** Version of this package. */
  version: string;
  /** As it was typed. */
  command: string;
}

/**
 * What `verify` measured, as one HTML page that loads nothing.
 * @param reports what was measured, with traces
 */
export function reportPage(reports: readonly TargetReport[], circumstances: Circumstances): string {
  const measured = reports.filter(({ scenarios }) => scenarios.length > 0);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>flushguard verify</title>
<style>${STYLES}</style>
</head>
<body>
${SYMBOLS}
<header>
<h1>What metrics clients lose while they flush</h1>
${verdict(reports)}
${facts(circumstances)}
</header>
<main>
<section aria-labelledby="results"><h2 id="results">Results</h2>
<p class="lead">Each scenario drives the real client against a server on this machine, twice: as it is, and with the preload.</p>
${resultsTable(reports)}
</section>
${
  measured.length === 0
    ? undefined
    : html`<section aria-labelledby="timelines"><h2 id="timelines">Timelines</h2>
<p class="lead">Noted while the scenarios ran, times in milliseconds from the first event. Both runs of a scenario are on one axis.</p>
${legend()}
${measured.map(timelinesOf)}</section>`
}
</main>
</body>
</html>
`;
  return page.text;
}

function verdict(reports: readonly TargetReport[]): Html {
  const scenarios = reports.flatMap((report) => report.scenarios);
  if (scenarios.length === 0) return html`<p class="verdict">Nothing was measured.</p>`;
  const of = scenarios.length;
  const wrong = scenarios.filter(({ unguarded: { outcome } }) => outcome === undefined || !lossless(outcome)).length;
  const whole = scenarios.filter((scenario) => scenario.lossless).length;
  return html`<p class="verdict"><span class="wrong">✗ Unguarded, ${wrong} of ${of}</span> scenarios lose records, send them again or come back before they have arrived. <span class="${whole === of ? "good" : "wrong"}">${whole === of ? "✓" : "✗"} Guarded, ${whole} of ${of}</span> deliver everything exactly once.</p>`;
}

function facts({ date, node, version, command }: Circumstances): Html {
  const day = date.toISOString();
  const shown = `${day.slice(0, 10)} ${day.slice(11, 16)} UTC`;
  return html`<dl>
<div><dt>Date</dt><dd><time datetime="${day}">${shown}</time></dd></div>
<div><dt>flushguard</dt><dd>${version}</dd></div>
<div><dt>Node</dt><dd>${node}</dd></div>
<div class="wide"><dt>Command</dt><dd><code>${command}</code></dd></div>
</dl>`;
}
