import { type Html, html } from "./html.js";

/** The marks that the timelines use. */
export const SYMBOLS = html`<svg width="0" height="0" class="symbols" aria-hidden="true"><defs>
<path id="lost" class="lost-mark" d="M-3.5-3.5L3.5 3.5M-3.5 3.5L3.5-3.5"/>
<path id="doubled" class="doubled-mark" d="M-4-2H4M-4 2H4"/>
<pattern id="late" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="late-ground" width="6" height="6"/><rect class="late-line" width="2" height="6"/></pattern>
</defs></svg>`;

const ENTRIES: readonly [drawing: Html, text: string][] = [
  [
    html`<rect class="delivered" x="14" y="6" width="6" height="12"/>`,
    "Record call, delivered once. The more at a time, the higher",
  ],
  [
    html`<rect class="lost" x="14" y="9" width="6" height="9"/><use href="#lost" x="17" y="4"/>`,
    "Lost: not delivered when the app goes on",
  ],
  [
    html`<rect class="doubled" x="14" y="9" width="6" height="9"/><use href="#doubled" x="17" y="4"/>`,
    "Delivered more than once",
  ],
  [html`<rect class="dropped" x="14" y="6" width="6" height="12"/>`, "Refused, as the client itself reports"],
  [
    html`<g class="call"><rect x="2" y="3" width="30" height="13" rx="2"/></g>`,
    "Flush or close, from the call until it settles",
  ],
  [
    html`<g class="sent"><rect x="2" y="3" width="30" height="13" rx="2"/></g>`,
    "Send, from its arrival at the server until the answer",
  ],
  [
    html`<g class="late"><rect x="2" y="3" width="30" height="13" rx="2"/></g>`,
    "Send answered too late: the app has gone on",
  ],
  [
    html`<g class="refused"><rect x="2" y="3" width="30" height="13" rx="2"/></g>`,
    "Refused by the server, or a flush that rejects",
  ],
  [
    html`<g class="counted"><line x1="17" x2="17" y1="1" y2="18"/></g>`,
    "The app goes on, and may exit: what has arrived counts",
  ],
  [
    html`<g class="buffer"><line x1="17" x2="17" y1="1" y2="18"/></g>`,
    "Without the guard, where its buffers are declared: the flush reads the buffer, and clears it. What is recorded in between is at risk",
  ],
  [html`<rect class="break" x="4" y="0" width="26" height="18"/>`, "Shortened: nothing begins or ends here"],
];

export function legend(): Html {
  return html`<ul class="legend">${ENTRIES.map(([drawing, text]) => html`<li><svg width="34" height="19" aria-hidden="true">${drawing}</svg><span>${text}</span></li>`)}</ul>`;
}
