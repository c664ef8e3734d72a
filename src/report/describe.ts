import type { Result } from "../proofs/child.js";
import type { Fate, Trace } from "../proofs/trace/trace.js";
import type { Hazard } from "../telemetry/messages.js";
import { callLabel, sendLabel } from "./timeline/bars.js";
import { count, milliseconds, timesOf } from "./timeline/numbers.js";

/** How many records each fate had. */
function fatesIn({ records }: Trace): Record<Fate, number> {
  const fates: Record<Fate, number> = { delivered: 0, lost: 0, doubled: 0, dropped: 0 };
  for (const [, fate, number] of records) fates[fate] += number;
  return fates;
}

/** What was wrong with a run in a few words, or undefined where everything was delivered once. */
export function failureOf({ outcome, error }: Result): string | undefined {
  if (error !== undefined) return `failed: ${error.split("\n")[0]}`;
  const { recorded, delivered, distinct, violations = [] } = outcome;
  const lost = recorded - distinct;
  const repeats = delivered - distinct;
  const facts = [];
  if (lost > 0) facts.push(`${lost.toLocaleString("en")} lost`);
  if (repeats > 0) facts.push(`${repeats.toLocaleString("en")} sent again`);
  if (facts.length === 0) facts.push(...violations);
  return facts.length === 0 ? undefined : facts.join(", ");
}

const WRONGS: Readonly<Record<Hazard, string>> = {
  "lost update":
    "A flush reads the buffer, waits for the network and then clears the buffer: what is recorded in between is thrown away.",
  "double send": "Two flushes overlap, and each sends what the other has not cleared yet.",
  "re-entrancy": "While a flush runs, the client calls code that records, and clears the buffer afterwards.",
  "failed send": "The buffer is cleared although the send has failed.",
  close: "The client is closed while records are in its buffer or on their way, and does not wait for them.",
  "early return":
    "A flush is asked for while another sends or waits for its retry, and comes back before that one has: the app goes on too early.",
  stranded: "The process ends while records are in the buffer.",
};

/** What goes wrong in a scenario without the guard, in one sentence. */
export function wrongOf(hazard: Hazard | undefined): string {
  return hazard === undefined ? "" : WRONGS[hazard];
}

/** Events told one by one; more are told together. */
const TOLD = 8;

/** What the drawing of a run shows, as text. */
export function describe(trace: Trace): string {
  const { calls, sends, counted, late, buffer = [] } = trace;
  const fates = fatesIn(trace);
  const sentences = [recordsOf(trace)];
  sentences.push(...told(calls, "flush call", (call) => `${callLabel(call)}, called at ${milliseconds(call.from)}`));
  sentences.push(
    ...told(sends, "send", (send) => {
      const until = send.to === undefined ? "not answered" : `answered at ${milliseconds(send.to)}`;
      return `Send of ${sendLabel(send, counted)}: begun at ${milliseconds(send.from)}, ${until}`;
    }),
  );
  sentences.push(
    ...told(buffer, "look at the buffer", ({ what, at }) => `The buffer is ${what} at ${milliseconds(at)}`),
  );
  if (counted !== undefined) sentences.push(`The app goes on at ${milliseconds(counted)}`);
  if (fates.lost > 0) {
    const after = late > 0 ? `: ${late === fates.lost ? "they arrive" : `${late} of them arrive`} only after that` : "";
    sentences.push(`${count(fates.lost, "record")} lost${after}`);
  }
  if (fates.doubled > 0) sentences.push(`${count(fates.doubled, "record")} delivered ${timesOf(trace)}`);
  if (fates.dropped > 0) sentences.push(`${count(fates.dropped, "record")} refused, as the client itself reports`);
  if (trace.records.length > 0 && fates.lost + fates.doubled === 0) sentences.push("Nothing is lost or doubled");
  return `${sentences.join(". ")}.`;
}

function recordsOf({ records }: Trace): string {
  const first = records[0];
  const last = records.at(-1);
  if (first === undefined || last === undefined) return "The record calls of this proof are not noted";
  const total = records.reduce((sum, [, , number]) => sum + number, 0);
  return `${count(total, "record call")} from ${milliseconds(first[0])} to ${milliseconds(last[0])}`;
}

function told<Event>(events: readonly Event[], thing: string, tell: (event: Event) => string): string[] {
  if (events.length <= TOLD) return events.map(tell);
  return [...events.slice(0, TOLD - 1).map(tell), `And ${count(events.length - TOLD + 1, `more ${thing}`)}`];
}
