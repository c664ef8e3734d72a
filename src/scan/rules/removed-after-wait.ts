import { follows, searchBack } from "../trace/search.js";
import type { Step } from "../trace/step.js";
import { isAutomatic } from "./automatic.js";
import { isSerialised } from "./awaited.js";
import { recordingsIn } from "./flushed.js";
import { overlap, type Rule, reportAroundWait } from "./rule.js";

/** Whether those that wait for the same promise go on together, each to leave one of its own: `await this.last; this.last = send()`. */
const isPassedTogether = (key: string, steps: readonly Step[]): boolean =>
  steps.some(
    (set) =>
      set.kind === "set" &&
      set.key === key &&
      steps.some((join) => join.kind === "join" && join.key === key && follows(set, join)),
  );

/** A buffer is read, other code runs, and as much is cut off its front: a call in between sends the same, and cuts off what comes next. */
export const removedAfterWait: Rule = {
  meta: { name: "removed-after-wait", hazard: "lost update", marks: ["read", "wait", "taken"] },
  message: (place) =>
    `${place} is read, other code runs, and as much is cut off its front: an overlapping call sends the same again, and cuts off what nobody has sent.`,
  create(context) {
    const { source, root, steps } = context;
    const isGuarded = steps.some(
      (step) => (step.kind === "busy exit" || step.kind === "join") && !isPassedTogether(step.key, steps),
    );
    if (isGuarded || isSerialised(source, root)) return {};
    return {
      take(step) {
        const { key } = step;
        const recordings = recordingsIn(context, key);
        if (!isAutomatic(source, root, recordings)) return;
        const found = searchBack(step, (at, wait) => {
          if (at.kind === "read" && overlap(at.key, key)) return wait === undefined ? "stop" : "found";
          return (at.kind === "reset" || at.kind === "take") && overlap(at.key, key) ? "stop" : "go on";
        });
        if (found?.wait === undefined) return;
        reportAroundWait(
          context,
          removedAfterWait,
          { before: found.step, wait: found.wait, after: step },
          { key, recordings },
        );
      },
    };
  },
};
