import { Html } from "./html.js";

/** The page's style sheet: light and dark, from 360 pixels up, and for print. */
export const STYLES = new Html(`
:root {
  color-scheme: light dark;
  --ground: #fcfcfb; --panel: #ffffff; --text: #1b1d22; --quiet: #5a606c; --line: #dfe1e6; --grid: #eceef1;
  --record: #59616f; --flush: #2f56c4; --flush-ground: #dbe4fb; --send: #3f4652; --send-text: #ffffff;
  --wrong: #c0182b; --wrong-ground: #fdeaec; --good: #1c6b3c; --break: #f5f5f2; --hatch: #d5d8de;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --ground: #14161a; --panel: #1a1d22; --text: #e8eaee; --quiet: #a0a7b4; --line: #343943; --grid: #262a31;
    --record: #9aa3b2; --flush: #9db7ff; --flush-ground: #26345c; --send: #b9c0cc; --send-text: #14161a;
    --wrong: #ff8088; --wrong-ground: #3b1d22; --good: #7ed09b; --break: #20242a; --hatch: #3a404b;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 2.5rem 1.5rem 5rem; max-width: 66rem;
  background: var(--ground); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", "Helvetica Neue", sans-serif;
}
.symbols { position: absolute; }
h1, h2, h3, h4 { line-height: 1.25; text-wrap: balance; margin: 0; font-weight: 650; }
h1 { font-size: clamp(1.5rem, 1.2rem + 1.6vw, 2.125rem); letter-spacing: -0.015em; }
h2 { font-size: 1.3125rem; letter-spacing: -0.01em; margin-top: 3.5rem; }
h3 { font-size: 1.0625rem; margin: 2.75rem 0 0.5rem; overflow-wrap: anywhere; }
h4 { font-size: 0.9375rem; font-weight: 550; display: inline; }
p { margin: 0.75rem 0; }
code, .version { font-family: var(--mono); font-size: 0.875em; }
.version { color: var(--quiet); font-weight: 400; white-space: nowrap; }
.lead { color: var(--quiet); max-width: 44rem; margin: 0.375rem 0 1.25rem; }
.verdict { font-size: 1.0625rem; max-width: 44rem; }
.wrong { color: var(--wrong); font-weight: 600; }
.good { color: var(--good); font-weight: 600; }
.quiet { color: var(--quiet); }
.hazard { color: var(--quiet); font-size: 0.8125rem; font-weight: 400; white-space: nowrap; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
a { color: inherit; text-decoration-color: var(--quiet); text-underline-offset: 0.2em; text-decoration-thickness: 1px; }
a:hover { text-decoration-color: currentColor; }
:focus-visible { outline: 2px solid var(--flush); outline-offset: 3px; border-radius: 2px; }

dl { display: flex; flex-wrap: wrap; gap: 0.5rem 2rem; margin: 1.5rem 0 0; padding-top: 1rem; border-top: 1px solid var(--line); font-size: 0.875rem; }
dt { color: var(--quiet); font-size: 0.75rem; }
dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }

table { width: 100%; border-collapse: collapse; font-size: 0.9375rem; line-height: 1.4; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: baseline; padding: 0.375rem 0 0.375rem 1rem; font-weight: 400; }
th:first-child, td:first-child { padding-left: 0; }
thead th { color: var(--quiet); font-size: 0.8125rem; border-bottom: 1px solid var(--line); padding-bottom: 0.5rem; }
tbody tr + tr > * { border-top: 1px solid var(--grid); }
.number { text-align: right; white-space: nowrap; }
.result { white-space: nowrap; padding-left: 1.5rem; }
.result .figure { display: inline-block; min-width: 4.5ch; text-align: right; }
td .wrong, td .good { padding-left: 0.375rem; font-size: 0.8125rem; }
td .wrong { font-weight: 500; }
th.client { font-weight: 650; padding-top: 1.75rem; overflow-wrap: anywhere; }
.standing { color: var(--quiet); font-weight: 400; font-size: 0.875rem; }
.absent th.client { font-weight: 400; padding-top: 0.75rem; }

.legend { list-style: none; display: grid; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); gap: 0.375rem 1.5rem; margin: 0; padding: 0; font-size: 0.8125rem; color: var(--quiet); line-height: 1.35; }
.legend li { display: flex; gap: 0.75rem; align-items: center; }
.legend svg { flex: none; }

details { border-top: 1px solid var(--line); }
details:last-of-type { border-bottom: 1px solid var(--line); }
summary { display: grid; grid-template-columns: auto 1fr auto; align-items: baseline; gap: 0.125rem 0.75rem; padding: 0.625rem 0; cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary::before { content: ""; width: 0.375rem; height: 0.375rem; border: solid var(--quiet); border-width: 0 1.5px 1.5px 0; transform: translateY(-0.125rem) rotate(-45deg); margin: 0 0.25rem 0 0.125rem; }
details[open] > summary::before { transform: translateY(-0.1875rem) rotate(45deg); }
summary:hover h4 { text-decoration: underline; text-underline-offset: 0.2em; text-decoration-thickness: 1px; }
.change { font-size: 0.8125rem; color: var(--quiet); }
figure { margin: 0 0 1.5rem; padding: 0.25rem 1rem 0.875rem; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; overflow: clip; scroll-margin-top: 4rem; }
figure:target { border-color: var(--flush); }
.wrong-how { margin: 0.75rem 0 0; font-size: 0.875rem; max-width: 44rem; }
.numbers { display: flex; flex-wrap: wrap; gap: 0 1rem; margin: 0.875rem 0 0.5rem; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
.note { margin: -0.25rem 0 0.5rem; font-size: 0.8125rem; color: var(--quiet); overflow-wrap: anywhere; white-space: pre-line; }

.run { display: block; width: calc(100% - 3.25rem); margin-left: 3.25rem; overflow: visible; font-size: 11.5px; font-variant-numeric: tabular-nums; }
.run text { fill: var(--text); paint-order: stroke; stroke: var(--panel); stroke-width: 3px; stroke-linejoin: round; }
.run text.within { stroke: none; }
.run text.row { fill: var(--quiet); text-anchor: end; }
.run text.quiet { fill: var(--quiet); }
.run text.tick { fill: var(--quiet); font-size: 11px; }
.grid { stroke: var(--grid); }
.axis { stroke: var(--line); }
.break { fill: var(--break); }
.delivered { fill: var(--record); }
.dropped { fill: none; stroke: var(--record); stroke-width: 1; }
.lost { fill: var(--wrong-ground); stroke: var(--wrong); stroke-width: 1.25; }
.doubled { fill: var(--wrong); }
.lost-mark, .doubled-mark { fill: none; stroke: var(--wrong); stroke-width: 1.75; }
.run tspan.wrong { fill: var(--wrong); }
.run text.short { display: none; }
.flush text:not(.row), .send text:not(.row) { font-family: var(--mono); font-size: 11px; }
.call rect, .open rect { fill: var(--flush-ground); stroke: var(--flush); }
.open rect { stroke-dasharray: 3 2; }
.rejected rect { fill: none; stroke: var(--flush); stroke-dasharray: 3 2; }
.refused rect { fill: none; stroke: var(--send); stroke-dasharray: 3 2; }
.call.mark rect { fill: var(--flush); }
.sent rect { fill: var(--send); }
.run .sent text.within { fill: var(--send-text); }
.late rect { fill: url(#late); stroke: var(--send); stroke-width: 1; }
.late-ground { fill: var(--panel); }
.late-line { fill: var(--hatch); }
.buffer line { stroke: var(--wrong); stroke-width: 1.25; }
.run .buffer text:not(.row) { fill: var(--wrong); font-size: 11px; }
.counted line { stroke: var(--text); stroke-dasharray: 2 3; stroke-width: 1.25; }
.counted path { fill: var(--text); }

@media (max-width: 61rem) {
  .run text.long { display: none; }
  .run text.short { display: inline; }
}
@media (max-width: 40rem) {
  body { padding: 1.5rem 1rem 3rem; }
  table { table-layout: fixed; font-size: 0.8125rem; }
  thead th { font-size: 0.6875rem; }
  th, td, .result { padding-left: 0.5rem; overflow-wrap: anywhere; }
  thead .number { width: 3.75rem; }
  thead .result { width: 5.75rem; }
  thead .result:last-child { width: 4.125rem; }
  .result { white-space: normal; }
  .result .figure { min-width: 0; }
  td .wrong { display: block; padding-left: 0; font-size: 0.75rem; line-height: 1.3; }
  .change { grid-column: 2; }
  figure { margin-inline: -0.5rem; padding-inline: 0.625rem; }
  .run { width: calc(100% - 2.75rem); margin-left: 2.75rem; }
}
@media print {
  :root { --ground: #fff; --break: #f2f2f2; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  details::details-content { display: block; content-visibility: visible; block-size: auto; }
  figure, tr, .legend li { break-inside: avoid; }
  h2, h3, summary { break-after: avoid; }
}
`);
