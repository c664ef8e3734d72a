import { findSinceWait, follows, searchBack } from "../trace/search.js";
import type { Step } from "../trace/step.js";
import { canBeLeftEarly } from "./awaited.js";
import { recordingsIn } from "./flushed.js";
import { overlap, type Rule } from "./rule.js";

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
export const returnsWhenEmpty: Rule = {
  meta: { name: "returns-when-empty", hazard: "early return", marks: ["returns early", "taken", "wait"] },
  message: (place) =>
    `${place} is emptied before it is sent, so another call finds nothing and returns at once: await it, exit, and what is being sent is lost.`,
  create(context) {
    const { steps, report } = context;
    if (!canBeLeftEarly(context)) return {};
    let reported = false;
    return {
      "empty exit"(exit) {
        if (reported || exit.through !== undefined || exit.line !== 0 || joined(exit, steps)) return;
        const { key } = exit;
        const recordings = recordingsIn(context, key);
        if (recordings.length === 0) return;
        const isTaken = (step: Step): boolean =>
          (step.kind === "reset" || step.kind === "take") &&
          overlap(key, step.key) &&
          findSinceWait(step, (at) => at.kind === "read" && overlap(at.key, step.key)) !== undefined;
        const taken = exit.taken
          ? searchBack(exit, (at) => (isTaken(at) ? "found" : "go on"))?.step
          : steps.find((step) => isTaken(step) && follows(step, exit));
        if (taken === undefined) return;
        const sent = steps.find((step) => (step.kind === "wait" || step.kind === "hand over") && follows(step, taken));
        if (sent === undefined) return;
        reported = true;
        report({
          key,
          marks: [
            { label: "returns early", node: exit.exit },
            { label: "taken", node: taken.node },
            { label: "wait", node: sent.node },
          ],
          recordings,
        });
      },
    };
  },
};
