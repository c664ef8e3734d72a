import { findSinceWait, follows, searchBack } from "../trace/search.js";
import type { Step } from "../trace/step.js";
import { isAwaitable, isIgnored, isSerialised } from "./awaited.js";
import { type Finding, overlap, type Traced } from "./finding.js";

/** What other functions surely record there. */
function recordingsIn({ source, root }: Traced, key: string) {
  return source.recordedOutside(key, root).filter(({ how }) => how !== "call");
}

/** What is recorded elsewhere and passed on by the function: it is a flush. */
function recordingsRead(traced: Traced, flag: string) {
  const reads = traced.steps.flatMap((step) => (step.kind === "read" && !overlap(step.key, flag) ? [step.key] : []));
  return [...new Set(reads)].flatMap((key) => recordingsIn(traced, key));
}

/** A flag is set round a send, and whoever flushes meanwhile is told at once that all is done. */
function* behindFlag(traced: Traced): Iterable<Finding> {
  const { root, steps } = traced;
  for (const step of steps) {
    if (step.kind !== "clear") continue;
    const { key } = step;
    const set = searchBack(step, (at, wait) => {
      if (at.kind === "clear" && at.key === key) return "stop";
      if (at.kind === "set" && at.key === key) return wait === undefined ? "stop" : "found";
      return "go on";
    });
    if (set?.wait === undefined) continue;
    const exit = findSinceWait(set.step, (at) => at.kind === "busy exit" && at.key === key);
    if (exit?.kind !== "busy exit" || exit.through !== undefined || exit.line !== 0) continue;
    const recordings = recordingsRead(traced, key);
    if (recordings.length === 0) continue;
    yield {
      hazard: "early return",
      root,
      key,
      marks: [
        { label: "returns early", node: exit.exit },
        { label: "set", node: set.step.node },
        { label: "wait", node: set.wait.node },
        { label: "cleared", node: step.node },
      ],
      recordings,
    };
  }
}

const contains = (outer: Step, inner: Step): boolean =>
  outer.node.start <= inner.node.start && inner.node.end <= outer.node.end;

/** Whether every way to a step ends with a wait for the promise that a call leaves for the next. */
function waitsForLast(step: Step, steps: readonly Step[]): boolean {
  const isLeft = (key: string): boolean => steps.some((at) => at.kind === "set" && at.key === key);
  const around = searchBack(step, (at, wait) => {
    if (wait === undefined) return at.before.length === 0 ? "found" : "go on";
    if (at.kind === "join" && contains(wait, at) && isLeft(at.key)) return "stop";
    return contains(wait, at) && at.before.length > 0 ? "go on" : "found";
  });
  return step.before.length > 0 && around === undefined;
}

/** Whether what another call has begun is known to be over here. */
function joined(step: Step, steps: readonly Step[]): boolean {
  return findSinceWait(step, (at) => at.kind === "join") !== undefined || waitsForLast(step, steps);
}

/** The batch is taken out before the send, so whoever flushes meanwhile finds nothing and is told that all is done. */
function* behindEmptied(traced: Traced): Iterable<Finding> {
  const { root, steps } = traced;
  for (const exit of steps) {
    if (exit.kind !== "empty exit" || exit.through !== undefined || exit.line !== 0 || joined(exit, steps)) continue;
    const { key } = exit;
    const recordings = recordingsIn(traced, key);
    if (recordings.length === 0) continue;
    const isTaken = (step: Step): boolean =>
      (step.kind === "reset" || step.kind === "take") &&
      overlap(key, step.key) &&
      findSinceWait(step, (at) => at.kind === "read" && overlap(at.key, step.key)) !== undefined;
    const taken = exit.taken
      ? searchBack(exit, (at) => (isTaken(at) ? "found" : "go on"))?.step
      : steps.find((step) => isTaken(step) && follows(step, exit));
    if (taken === undefined) continue;
    const sent = steps.find((step) => (step.kind === "wait" || step.kind === "hand over") && follows(step, taken));
    if (sent === undefined) continue;
    yield {
      hazard: "early return",
      root,
      key,
      marks: [
        { label: "returns early", node: exit.exit },
        { label: "taken", node: taken.node },
        { label: "wait", node: sent.node },
      ],
      recordings,
    };
    return;
  }
}

export function* earlyReturns(traced: Traced): Iterable<Finding> {
  const { source, root, steps } = traced;
  const exits = steps.some(({ kind }) => kind === "busy exit" || kind === "empty exit");
  if (!exits || !isAwaitable(traced) || isIgnored(source, root) || isSerialised(source, root)) return;
  yield* behindFlag(traced);
  yield* behindEmptied(traced);
}
