import type { Outcome } from "../proof.js";
import type { BufferEvent, Call, Recorder, Send } from "./recorder.js";

/** What had become of a recorded value when the scenario counted. `dropped`: the client itself reported that it was. */
export type Fate = "delivered" | "lost" | "doubled" | "dropped";

/** A send by what it carried. */
export interface TracedSend extends Omit<Send, "items"> {
  /** Values in it. */
  values: number;
  /** How many of these had been taken in before. */
  repeats: number;
}

/** What happened in one run. Times are milliseconds since its first event. */
export interface Trace {
  /** The record calls in their order; those made together, with the same fate, as one. */
  records: [at: number, fate: Fate, count: number][];
  calls: Call[];
  sends: TracedSend[];
  /** When the scenario counted: the app goes on, and may exit. Absent: it never did. */
  counted?: number;
  /** Of the lost values, those that arrived after that. */
  late: number;
  /** How often those that were doubled arrived, at least and at most. Absent: none was. */
  arrivals?: [least: number, most: number];
  /** Of a client as it is: when its flushes read the buffer and cleared it. Absent: that cannot be seen. */
  buffer?: BufferEvent[];
}

/** Puts together what a recorder has noted. */
export function traceOf(recorder: Recorder, outcome: Outcome): Trace {
  const origin = originOf(recorder);
  const since = (time: number): number => Math.max(0, Math.round((time - origin) * 100) / 100);
  const ended = ({ from, to }: { from: number; to?: number }) => ({
    from: since(from),
    ...(to !== undefined && { to: since(to) }),
  });
  const { records, calls, counted } = recorder;
  const fates = fatesOf(recorder, outcome);
  const lost = new Set(records.flatMap(({ id }) => (fates.get(id) === "lost" ? [id] : [])));
  const sends = sendsOf(recorder);
  const lateIds = sends
    .filter(({ send }) => isAccepted(send) && counted !== undefined && (send.to as number) > counted.at)
    .flatMap(({ ids }) => ids.filter((id) => lost.has(id)));
  return {
    records: grouped(records.map(({ id, at }) => [since(at), fates.get(id) ?? "lost"])),
    calls: calls.filter(after(origin)).map(({ method, failed, ...times }) => ({
      method,
      ...ended(times),
      ...(failed && { failed }),
    })),
    sends: sends
      .filter(({ send }) => after(origin)(send))
      .map(({ send, ids, repeats }) => ({
        ...ended(send),
        ...(send.status !== undefined && { status: send.status }),
        values: ids.length,
        repeats,
      })),
    ...(counted !== undefined && { counted: since(counted.at) }),
    late: new Set(lateIds).size,
    ...arrivalsOf(recorder),
    ...(recorder.buffer.length > 0 && { buffer: recorder.buffer.map(({ at, what }) => ({ at: since(at), what })) }),
  };
}

const isAccepted = ({ to, status = 200 }: Send): boolean => to !== undefined && status < 400;

function after(time: number): (event: { to?: number }) => boolean {
  return ({ to = Number.POSITIVE_INFINITY }) => to >= time;
}

/** The first record call, or the beginning of what was under way by then. */
function originOf({ records, calls, sends }: Recorder): number {
  const first = records[0]?.at ?? Number.NEGATIVE_INFINITY;
  const begun = [...calls, ...sends].filter(after(first)).map(({ from }) => from);
  const earliest = Math.min(...begun, ...(records[0] === undefined ? [] : [first]));
  return Number.isFinite(earliest) ? earliest : 0;
}

function timesOf({ counted }: Recorder): Map<string, number> {
  const times = new Map<string, number>();
  for (const id of counted?.arrived ?? []) times.set(id, (times.get(id) ?? 0) + 1);
  return times;
}

function arrivalsOf(recorder: Recorder): Pick<Trace, "arrivals"> {
  const repeated = [...timesOf(recorder).values()].filter((times) => times > 1);
  return repeated.length === 0 ? {} : { arrivals: [Math.min(...repeated), Math.max(...repeated)] };
}

function fatesOf(recorder: Recorder, { recorded }: Outcome): Map<string, Fate> {
  const { records } = recorder;
  const times = timesOf(recorder);
  const missing = records.filter(({ id }) => !times.has(id)).length;
  // Which ones a client drops it does not tell, only how many.
  const fateOfMissing = missing <= records.length - recorded ? "dropped" : "lost";
  return new Map(
    records.map(({ id }) => {
      const arrived = times.get(id) ?? 0;
      return [id, arrived === 0 ? fateOfMissing : arrived === 1 ? "delivered" : "doubled"];
    }),
  );
}

function sendsOf(recorder: Recorder): { send: Send; ids: readonly string[]; repeats: number }[] {
  const sends = recorder.sends.map((send) => ({ send, ids: recorder.idsOf(send), repeats: 0 }));
  const known = new Set<string>();
  for (const one of sends.toSorted((a, b) => (a.send.to ?? 0) - (b.send.to ?? 0))) {
    if (!isAccepted(one.send)) continue;
    for (const id of one.ids) {
      if (known.has(id)) one.repeats++;
      known.add(id);
    }
  }
  return sends;
}

function grouped(records: readonly [at: number, fate: Fate][]): Trace["records"] {
  const groups: Trace["records"] = [];
  for (const [at, fate] of records) {
    const last = groups.at(-1);
    if (last?.[0] === at && last[1] === fate) last[2]++;
    else groups.push([at, fate, 1]);
  }
  return groups;
}
