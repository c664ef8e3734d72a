import { isPartOf } from "../source/places.js";
import type { Recording } from "../source/source.js";
import { findSinceWait } from "../trace/search.js";
import type { Step } from "../trace/step.js";
import { isDiverted } from "./diverted.js";
import { isInLoop } from "./loops.js";
import { overlap, type Rule } from "./rule.js";

/** Whether the user's function runs in a loop that also comes to what is added meanwhile, as all but an array's `forEach` do. */
function seesAdditions(steps: readonly Step[], read: Step, callOut: Step, recordings: readonly Recording[]): boolean {
  return steps.some(
    (loop) =>
      loop.kind === "iterate" &&
      isInLoop(read, loop) &&
      isInLoop(callOut, loop) &&
      (loop.node.type !== "CallExpression" || recordings.every(({ how }) => how === "set" || how === "map")),
  );
}

/** A buffer is passed on, the user's function runs, and the buffer is emptied: what that function recorded is gone. */
export const clearedAfterCall: Rule = {
  meta: { name: "cleared-after-call", hazard: "re-entrancy", marks: ["read", "calls out", "reset"] },
  message: (place) =>
    `${place} is read, a function of the user's runs, and then it is emptied: what that function records is lost.`,
  create: ({ source, root, steps, report }) => ({
    reset(step) {
      const { key, fresh } = step;
      // A number that is set back says where something is, not what was recorded.
      if (fresh === "number") return;
      const recordings = source
        .recordedOutside(key, root, step.fn)
        .filter(({ how }) => (fresh === "custom" ? true : how !== "call" && how !== "sum"));
      if (recordings.every((recording) => isDiverted(recording, steps, step))) return;
      const callOut = findSinceWait(
        step,
        (at) => at.kind === "call out" && !at.given.includes(key),
        (at) => (at.kind === "read" || at.kind === "reset") && isPartOf(key, at.key),
      );
      if (callOut === undefined) return;
      const read = findSinceWait(
        callOut,
        (at) => at.kind === "read" && overlap(at.key, key),
        (at) => at.kind === "reset" && isPartOf(key, at.key),
      );
      if (read === undefined || seesAdditions(steps, read, callOut, recordings)) return;
      if ([step, callOut, read].every(({ through }) => through !== undefined)) return;
      report({
        key,
        marks: [
          { label: "read", node: read.node },
          { label: "calls out", node: callOut.node },
          { label: "reset", node: step.node },
        ],
        recordings,
      });
    },
  }),
};
