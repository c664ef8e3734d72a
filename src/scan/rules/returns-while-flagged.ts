import { findSinceWait, searchBack } from "../trace/search.js";
import { canBeLeftEarly } from "./awaited.js";
import { recordingsRead } from "./flushed.js";
import type { Rule } from "./rule.js";

/** A flag is set round a send, and whoever flushes meanwhile is told at once that all is done. */
export const returnsWhileFlagged: Rule = {
  meta: {
    name: "returns-while-flagged",
    hazard: "early return",
    marks: ["returns early", "set", "wait", "cleared"],
  },
  message: (place) =>
    `While ${place} is set, another call returns at once: await it, exit, and what is being sent is lost.`,
  create(context) {
    if (!canBeLeftEarly(context)) return {};
    return {
      clear(step) {
        const { key } = step;
        const set = searchBack(step, (at, wait) => {
          if (at.kind === "clear" && at.key === key) return "stop";
          if (at.kind === "set" && at.key === key) return wait === undefined ? "stop" : "found";
          return "go on";
        });
        if (set?.wait === undefined) return;
        const exit = findSinceWait(set.step, (at) => at.kind === "busy exit" && at.key === key);
        if (exit?.kind !== "busy exit" || exit.through !== undefined || exit.line !== 0) return;
        const recordings = recordingsRead(context, key);
        if (recordings.length === 0) return;
        context.report({
          key,
          marks: [
            { label: "returns early", node: exit.exit },
            { label: "set", node: set.step.node },
            { label: "wait", node: set.wait.node },
            { label: "cleared", node: step.node },
          ],
          recordings,
        });
      },
    };
  },
};
