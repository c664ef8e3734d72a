import type { Result } from "../proofs/child.js";
import type { Fate, Trace } from "../proofs/trace/trace.js";
import { callLabel, sendLabel } from "./timeline/bars.js";
import { count, milliseconds } from "./timeline/numbers.js";

/** How many records each fate had. */
function fatesIn({ records }: Trace): Record<Fate, number> {
  const fates: Record<Fate, number> = { delivered: 0, lost: 0, doubled: 0, dropped: 0 };
  for (const [, fate, number] of records) fates[fate] += number;
  return fates;
}

/** What was wrong with a run in a few words, or undefined where everything was delivered once. */
export function failureOf({ outcome, error }: Result): string | undefined {
  if (error !== undefined) return "failed";
  const { recorded, delivered, distinct, violations = [] } = outcome;
  const lost = recorded - distinct;
  const repeats = delivered - distinct;
  const facts = [];
  if (lost > 0) facts.push(`${lost.toLocaleString("en")} lost`);
  if (repeats > 0) facts.push(`${repeats.toLocaleString("en")} sent again`);
  if (facts.length === 0 && violations.length > 0) facts.push("a promise broken");
  return facts.length === 0 ? undefined : facts.join(", ");
}

/** Events told one by one; more are told together. */
const TOLD = 8;

/** What the drawing of a run shows, as text. */
export function describe(trace: Trace): string {
  const { calls, sends, counted, late } = trace;
  const fates = fatesIn(trace);
  const sentences = [recordsOf(trace)];
  sentences.push(...told(calls, "flush call", (call) => `${callLabel(call)}, called at ${milliseconds(call.from)}`));
  sentences.push(
    ...told(sends, "send", (send) => {
      const until = send.to === undefined ? "not answered" : `answered at ${milliseconds(send.to)}`;
      return `Send of ${sendLabel(send, counted)}: begun at ${milliseconds(send.from)}, ${until}`;
    }),
  );
  if (counted !== undefined) sentences.push(`The app goes on at ${milliseconds(counted)}`);
  if (fates.lost > 0) {
    const after = late > 0 ? `: ${late === fates.lost ? "they arrive" : `${late} of them arrive`} only after that` : "";
    sentences.push(`${count(fates.lost, "record")} lost${after}`);
  }
  if (fates.doubled > 0) sentences.push(`${count(fates.doubled, "record")} delivered more than once`);
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
