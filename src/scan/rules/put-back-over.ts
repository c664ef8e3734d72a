import { isPartOf } from "../source/places.js";
import { searchBack } from "../trace/search.js";
import { isDiverted } from "./diverted.js";
import { type Rule, reportAroundWait } from "./rule.js";
import { isAsynchronous } from "./waits.js";

/** A buffer is taken, other code runs, and what was taken is put back over it: what was recorded meanwhile is gone. */
export const putBackOver: Rule = {
  meta: { name: "put-back-over", hazard: "lost update", marks: ["taken", "wait", "put back"] },
  message: (place) =>
    `${place} is taken, other code runs, and what was taken is put back over it: what is recorded meanwhile is lost.`,
  create: (context) => ({
    "put back"(step) {
      const { source, root, steps } = context;
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
      // What is saved and restored round a callback that runs at once is no buffer.
      if (!isAsynchronous(found.wait.node)) return;
      const around = { before: found.step, wait: found.wait, after: step };
      reportAroundWait(context, putBackOver, around, { key, recordings });
    },
  }),
};
