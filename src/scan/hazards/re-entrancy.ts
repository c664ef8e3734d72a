import { isPartOf } from "../source/places.js";
import type { Recording } from "../source/source.js";
import { findSinceWait } from "../trace/search.js";
import type { Step } from "../trace/step.js";
import { isDiverted } from "./diverted.js";
import { type Finding, overlap, type Traced } from "./finding.js";

function within(inner: Step, outer: Step): boolean {
  const node = inner.through ?? inner.node;
  return outer.node.start <= node.start && node.end <= outer.node.end;
}

/** Whether the user's function runs in a loop that also comes to what is added meanwhile, as all but an array's `forEach` do. */
function seesAdditions(steps: readonly Step[], read: Step, callOut: Step, recordings: readonly Recording[]): boolean {
  return steps.some(
    (loop) =>
      loop.kind === "iterate" &&
      within(read, loop) &&
      within(callOut, loop) &&
      (loop.node.type !== "CallExpression" || recordings.every(({ how }) => how === "set" || how === "map")),
  );
}

/** A buffer is passed on, the user's function runs, and the buffer is emptied: what that function recorded is gone. */
function* emptiedAfterwards({ source, root, steps }: Traced): Iterable<Finding> {
  for (const step of steps) {
    // A number that is set back says where something is, not what was recorded.
    if (step.kind !== "reset" || step.fresh === "number") continue;
    const { key } = step;
    const recordings = source
      .recordedOutside(key, root, step.fn)
      .filter(({ how }) => (step.fresh === "custom" ? true : how !== "call" && how !== "sum"));
    if (recordings.every((recording) => isDiverted(recording, steps, step))) continue;
    const callOut = findSinceWait(
      step,
      (at) => at.kind === "call out",
      (at) => (at.kind === "read" || at.kind === "reset") && isPartOf(key, at.key),
    );
    if (callOut === undefined) continue;
    const read = findSinceWait(
      callOut,
      (at) => at.kind === "read" && overlap(at.key, key),
      (at) => at.kind === "reset" && isPartOf(key, at.key),
    );
    if (read === undefined || seesAdditions(steps, read, callOut, recordings)) continue;
    if ([step, callOut, read].every(({ through }) => through !== undefined)) continue;
    yield {
      hazard: "re-entrancy",
      root,
      key,
      marks: [
        { label: "read", node: read.node },
        { label: "calls out", node: callOut.node },
        { label: "reset", node: step.node },
      ],
      recordings,
    };
  }
}

/** An array is gone through while its items are called, and items can be taken out of it meanwhile: others are passed over. */
function* changedMeanwhile({ source, root, steps }: Traced): Iterable<Finding> {
  for (const loop of steps) {
    if (loop.kind !== "iterate" || loop.through !== undefined) continue;
    const { key } = loop;
    const removal = source.removedOutside(key, root);
    const recordings = source.recordedOutside(key, root).filter(({ how }) => how === "array");
    if (removal === undefined || recordings.length === 0) continue;
    const callOut = steps.find((step) => step.kind === "call out" && within(step, loop));
    if (callOut === undefined) continue;
    yield {
      hazard: "re-entrancy",
      root,
      key,
      marks: [
        { label: "iterates", node: loop.node },
        { label: "calls out", node: callOut.node },
        { label: "taken", node: removal.node },
      ],
      recordings: [...recordings, { key, how: "array", fn: removal.scope.fn, node: removal.node }],
    };
  }
}

export function* reEntrancies(traced: Traced): Iterable<Finding> {
  yield* emptiedAfterwards(traced);
  yield* changedMeanwhile(traced);
}
