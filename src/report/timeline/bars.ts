import type { Call } from "../../proofs/trace/recorder.js";
import type { Trace, TracedSend } from "../../proofs/trace/trace.js";
import { count, milliseconds } from "./numbers.js";
import type { Scale } from "./scale.js";

/** Something that lasts, where it is drawn. */
export interface Bar {
  /** Both ends in percent of the width. */
  from: number;
  to: number;
  kind: "call" | "open" | "rejected" | "sent" | "late" | "refused";
  /** What is written in or beside it. */
  label: string;
  /** The same on a phone. */
  short: string;
}

/** Bars that do not overlap. */
type Lane = Bar[];

export interface Row {
  lanes: Lane[];
  /** Too many bars for each to have a label. */
  crowded: boolean;
  /** How many things the bars stand for. */
  events: number;
}

/** Narrower bars are drawn as a mark of this width. Percent. */
export const NARROW = 0.9;
/** What a character of a label takes on the narrowest screen that shows it. Percent. */
const CHARACTER = 0.78;
const SHORT_CHARACTER = 2.3;
/** Between a bar and the label beside it. Percent, on the narrowest screen. */
const GAP = 3;
const CROWD = 8;
const MAX_LANES = 10;

/** The flush and close calls of a run. */
export function callBars({ calls }: Trace, scale: Scale, end: number): Row {
  return rowOf(calls, scale, end, (call) => ({
    kind: callKind(call),
    label: callLabel(call),
    short: `${call.method}()`,
  }));
}

/** The sends of a run, as the sink has seen them. */
export function sendBars({ sends, counted }: Trace, scale: Scale, end: number): Row {
  return rowOf(sends, scale, end, (send) => ({
    kind: sendKind(send, counted),
    label: sendLabel(send, counted),
    short: send.values.toLocaleString("en"),
  }));
}

function callKind({ to, failed }: Call): Bar["kind"] {
  if (to === undefined) return "open";
  return failed ? "rejected" : "call";
}

export function callLabel({ method, from, to, failed }: Call): string {
  if (to === undefined) return `${method}() not settled by the end`;
  return `${method}() ${failed ? "rejects after " : ""}${milliseconds(to - from)}`;
}

function isLate({ to }: TracedSend, counted: number | undefined): boolean {
  return counted !== undefined && (to === undefined || to > counted);
}

function sendKind(send: TracedSend, counted: number | undefined): Bar["kind"] {
  if ((send.status ?? 200) >= 400) return "refused";
  return isLate(send, counted) ? "late" : "sent";
}

export function sendLabel(send: TracedSend, counted: number | undefined): string {
  const { values, repeats, status = 200 } = send;
  const facts = [count(values, "record")];
  if (repeats > 0) facts.push(`${repeats} of them again`);
  if (status >= 400) facts.push(`refused with ${status}`);
  else if (isLate(send, counted)) facts.push("too late");
  return facts.join(", ");
}

function rowOf<Event extends { from: number; to?: number }>(
  events: readonly Event[],
  scale: Scale,
  end: number,
  look: (event: Event) => Pick<Bar, "kind" | "label" | "short">,
): Row {
  const crowded = events.length > CROWD;
  const bars = events.map((event) => ({
    from: scale.at(event.from),
    to: scale.at(event.to ?? end),
    ...look(event),
  }));
  return { lanes: lanesOf(crowded ? thinned(bars) : bars, crowded), crowded, events: events.length };
}

/** Leaves out narrow bars that could not be told from the one before. */
function thinned(bars: readonly Bar[]): Bar[] {
  const last = new Map<Bar["kind"], number>();
  return bars.filter(({ from, to, kind }) => {
    if (to - from >= NARROW) return true;
    const hidden = from - (last.get(kind) ?? Number.NEGATIVE_INFINITY) < NARROW;
    if (!hidden) last.set(kind, from);
    return !hidden;
  });
}

/** Room beside a bar for a label that it does not hold. Percent. */
function room({ label, short }: Bar): number {
  return Math.max(label.length * CHARACTER, short.length * SHORT_CHARACTER) + GAP;
}

/** Where the label of a bar is: before it where there is no room behind it. */
export function labelSide(bar: Bar): "inside" | "before" | "after" {
  const { from, to, label, short } = bar;
  if (to - from >= Math.max((label.length + 2) * CHARACTER, (short.length + 1) * SHORT_CHARACTER)) return "inside";
  return to > 100 - room(bar) ? "before" : "after";
}

function extent(bar: Bar, crowded: boolean): [from: number, to: number] {
  const { from, to } = bar;
  if (crowded) return [from, Math.max(to, from + NARROW)];
  const side = labelSide(bar);
  return [side === "before" ? from - room(bar) : from, side === "after" ? to + room(bar) : to];
}

function lanesOf(bars: readonly Bar[], crowded: boolean): Lane[] {
  const lanes: { bars: Lane; taken: [from: number, to: number][] }[] = [];
  for (const bar of bars) {
    const [from, to] = extent(bar, crowded);
    const free = lanes.find(({ taken }) => taken.every((other) => other[1] <= from || other[0] >= to));
    // What has no lane of its own is drawn over what has.
    const lane = free ?? (crowded && lanes.length >= MAX_LANES ? lanes[MAX_LANES - 1] : undefined);
    if (lane === undefined) {
      lanes.push({ bars: [bar], taken: [[from, to]] });
    } else {
      lane.bars.push(bar);
      lane.taken.push([from, to]);
    }
  }
  return lanes.map((lane) => lane.bars);
}
