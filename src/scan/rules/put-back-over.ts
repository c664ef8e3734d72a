import { isPartOf } from "../source/places.js";
import { searchBack } from "../trace/search.js";
import { isDiverted } from "./diverted.js";
import type { Rule } from "./rule.js";
import { isAsynchronous } from "./waits.js";

/** A buffer is taken, other code runs, and what was taken is put back over it: what was recorded meanwhile is gone. */
export const putBackOver: Rule = {
  meta: { name: "put-back-over", hazard: "lost update", marks: ["taken", "wait", "put back"] },
  message: (place) =>
    `${place} is taken, other code runs, and what was taken is put back over it: what is recorded meanwhile is lost.`,
  create: ({ source, root, steps, report }) => ({
    "put back"(step) {
      const { key } = step;
      const recordings = source
        .recordedOutside(key, root, step.fn)
        .filter(({ how }) => how !== "call" && how !== "sum" && how !== "text");
      if (recordings.every((recording) => isDiverted(recording, steps, step))) return;
      const found = searchBack(step, (at, wait) => {
        if (at.kind === "reset" && isPartOf(key, at.key)) return wait === undefined ? "stop" : "found";
        return at.kind === "put back" && at.key === key ? "stop" : "go on";
      });
      if (found?.wait === undefined) return;
      // What a constructor registers is not what follows it.
      if (root.name === "constructor" && found.step.line !== step.line) return;
      // What is saved and restored round a callback that runs at once is no buffer.
      if (!isAsynchronous(found.wait.node)) return;
      if ([found.step, found.wait, step].every(({ through }) => through !== undefined)) return;
      report({
        key,
        marks: [
          { label: "taken", node: found.step.node },
          { label: "wait", node: found.wait.node },
          { label: "put back", node: step.node },
        ],
        recordings,
      });
    },
  }),
};
