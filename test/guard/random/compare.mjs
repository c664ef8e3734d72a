import { PATIENCE } from "./play.mjs";
import { keepsOrder } from "./shape.mjs";

/** What is wrong in one run by itself: what was recorded and never came, came twice, or had not come when a flush said so. */
export function flaws(trace, program) {
  const counts = countsOf(trace);
  const found = new Set();
  const bad = program.sender.bad?.value;
  for (const v of trace.open) if (!counts.has(v) && v !== bad) found.add("lost");
  for (const [, { times }] of counts) if (times > 1) found.add("dup");
  if (trace.early.size > 0) found.add("early");
  return found;
}

/**
 * How a guarded run is worse than the same program without the guard.
 * @returns what was found, `{ kind, detail }`, at most one of a kind
 */
export function compare(without, guarded, program) {
  const found = new Map();
  // Without the guard a value was lost before its sender could do to the program what it does.
  if (without.endless || guarded.met.size > without.met.size) return [];
  const worse = (kind, detail) => {
    if (!found.has(kind)) found.set(kind, { kind, detail });
  };
  arrivals(without, guarded, program, worse);
  settled(without, guarded, program, worse);
  for (const kind of ["unhandled", "uncaught"]) {
    if (guarded[kind].length > without[kind].length) worse(kind, `${list(without[kind])} → ${list(guarded[kind])}`);
  }
  if (without.ended === "done" && guarded.ended !== "done") {
    worse(guarded.ended === "starved" ? "exit" : "hang", `the program ends: ${without.ended} → ${guarded.ended}`);
  }
  if (String(without.keys) !== String(guarded.keys)) worse("keys", `${without.keys} → ${guarded.keys}`);
  return [...found.values()];
}

const list = (lines) => `[${[...lines].join(", ")}]`;

function countsOf({ arrived }) {
  const counts = new Map();
  // In the order of the sends, and within one of the batch.
  const sent = arrived.toSorted((a, b) => a.order - b.order);
  for (const [place, { v, ctx, closing }] of sent.entries()) {
    const seen = counts.get(v);
    if (seen === undefined) counts.set(v, { times: 1, ctx, place, closing });
    else {
      seen.times++;
      seen.closing &&= closing;
    }
  }
  return counts;
}

function arrivals(without, guarded, program, worse) {
  const before = countsOf(without);
  const after = countsOf(guarded);
  if (guarded.endless) worse("endless", "it does not stop sending");
  const refused = new Set();
  for (const step of guarded.steps) for (const one of step?.seen ?? []) if (one.threw !== undefined) refused.add(one.v);
  for (const [v, { times, ctx, closing }] of before) {
    const now = after.get(v);
    if (now === undefined) worse(refused.has(v) ? "refused" : "lost", `value ${v}`);
    else {
      if (now.times > 1 && times === 1) worse("dup", `value ${v} arrives ${now.times} times`);
      if (now.closing && !closing) worse("stranded", `value ${v} is still in the client`);
      if (now.ctx !== ctx) worse("context", `value ${v}: ${ctx} → ${now.ctx}`);
    }
  }
  for (const [v, { times }] of after)
    if (times > 1 && !before.has(v)) worse("dup", `value ${v} arrives ${times} times`);
  const isInBoth = (v) => before.has(v) && after.has(v);
  const isSame = list([...before.keys()].filter(isInBoth)) === list([...after.keys()].filter(isInBoth));
  if (keepsOrder(program.shape) && !isSame && inOrder(before, without, isInBoth) && !inOrder(after, guarded, isInBoth))
    worse("order", `${list(before.keys())} → ${list(after.keys())}`);
}

/** Whether these values of each client were sent in the order in which they were recorded. */
function inOrder(counts, { recorded }, isCompared) {
  const last = [];
  for (const [v, on] of recorded) {
    if (!isCompared(v)) continue;
    const order = counts.get(v).place;
    if (order < last[on]) return false;
    last[on] = order;
  }
  return true;
}

function settled(without, guarded, program, worse) {
  const kinds = new Map();
  for (const step of without.steps) {
    if (step === undefined) continue;
    const key = step.do;
    if (!kinds.has(key)) kinds.set(key, new Set());
    for (const one of step.seen ?? [step]) kinds.get(key).add(one.returned);
  }
  // A flush that gives nothing while another is in flight gives a promise or its value where it comes later, and the other way round.
  const isFlagged = program.shape.flag === "return";
  if (isFlagged) for (const seen of kinds.values()) seen.add("nothing").add("promise").add("thenable");
  // Where a send never comes back, whoever waits for it may wait for as long as the guard does.
  const patient = program.sender.bad?.how === "never";
  for (const [index, step] of without.steps.entries()) {
    if (step === undefined) continue;
    const other = guarded.steps[index];
    if (other === undefined) continue;
    const pairs = step.seen === undefined ? [[step, other]] : step.seen.map((one, i) => [one, other.seen[i]]);
    for (const [a, b] of pairs) {
      if (b === undefined) continue;
      const where = `step ${index}, ${step.do}`;
      if (a.threw === undefined && b.threw !== undefined) {
        if (b.threw !== "refused by the sender" || !couldFail(step, other, guarded))
          worse("throws", `${where}: ${b.threw}`);
      } else if (
        a.threw !== undefined &&
        b.threw === undefined &&
        b.settled?.error === undefined &&
        !/closed|refused/.test(a.threw)
      ) {
        worse("swallowed", `${where}: ${a.threw}`);
      } else if (a.threw === undefined && !kinds.get(step.do).has(b.returned)) {
        worse("return", `${where}: ${a.returned} → ${b.returned}`);
      }
      if (a.settled === undefined) continue;
      if (b.settled === undefined) {
        worse("hang", `${where} never settles`);
        continue;
      }
      if (
        a.settled.error === undefined &&
        b.settled.error !== undefined &&
        a.threw === undefined &&
        b.threw === undefined
      ) {
        if (b.settled.error !== "refused by the sender" || !couldFail(step, other, guarded))
          worse("rejects", `${where}: ${b.settled.error}`);
      }
      if (
        a.settled.error === undefined &&
        b.settled.error === undefined &&
        a.settled.value !== b.settled.value &&
        a.returned === b.returned &&
        !(isFlagged && a.settled.value === "nothing")
      ) {
        worse("value", `${where}: ${a.settled.value} → ${b.settled.value}`);
      }
      if (!patient && b.settled.after - a.settled.after > PATIENCE)
        worse("hang", `${where}: ${a.settled.after} → ${b.settled.after} ms`);
      // Unguarded, the batch whose sender calls back twice was another step's.
      const isSenders = guarded.calledTwice && !without.calledTwice && b.calls === 2;
      if (b.calls > a.calls && a.calls > 0 && !isSenders) worse("callback", `${where} is called back ${b.calls} times`);
    }
  }
  for (const index of guarded.early) {
    if (
      !without.early.has(index) &&
      without.steps[index]?.settled?.error === undefined &&
      without.steps[index]?.settled !== undefined
    ) {
      worse("early", `step ${index}, ${without.steps[index].do}`);
    }
  }
}

/** Whether what a flush reports may be its own send's failure: one that began after the call. */
function couldFail(_, step, { failures }) {
  return step.since === undefined || failures.some((at) => at >= step.since);
}
