import { isPartOf } from "../source/places.js";
import type { Recording } from "../source/source.js";
import type { Fresh } from "../source/syntax.js";
import { isWrite } from "../source/writables.js";
import { searchBack } from "../trace/search.js";
import type { Step } from "../trace/step.js";
import { isDiverted } from "./diverted.js";
import { overlap, type Rule, reportAroundWait } from "./rule.js";
import { isAsynchronous, isSent } from "./waits.js";

/** Whether what is recorded could be lost with a reset of this kind. */
function fills({ how }: Recording, fresh: Fresh): boolean {
  switch (fresh) {
    case "custom":
      return true;
    case "number":
      return how === "sum";
    case "string":
      return how === "sum" || how === "text";
    case "nothing":
      return how !== "call" && how !== "sum" && how !== "text";
    default:
      return how !== "call";
  }
}

/** A buffer is read, other code runs, and the buffer is emptied: what was recorded meanwhile is gone. */
export const clearedAfterWait: Rule = {
  meta: { name: "cleared-after-wait", hazard: "lost update", marks: ["read", "wait", "reset"] },
  message: (place) =>
    `${place} is read, other code runs, and then it is emptied: what is recorded meanwhile is lost, and an overlapping call sends the same again.`,
  create: (context) => ({
    reset(step) {
      const { source, root, steps } = context;
      const { key, fresh } = step;
      const others = source
        .recordedOutside(key, root, step.fn)
        .filter((recording) => fresh !== "number" || !source.isPartOf(recording.fn, root));
      const own = isWrite(source, root) ? [] : source.recordedBefore(key, root, step.node);
      const recordings = [...others, ...own].filter((recording) => fills(recording, fresh));
      if (recordings.every((recording) => isDiverted(recording, steps, step))) return;
      const isRead = (at: Step): boolean =>
        at.kind === "read" && overlap(at.key, key) && recordings.some((recording) => overlap(recording.key, at.key));
      const found = searchBack(step, (at, wait) => {
        if (isRead(at)) return wait === undefined ? "stop" : "found";
        if (at.kind === "reset" && isPartOf(key, at.key)) return "stop";
        return at.kind === "put back" && at.key === key ? "stop" : "go on";
      });
      if (found?.wait === undefined) return;
      // A number is often no buffer: it has to be what is sent.
      if (fresh === "number" && !isSent(found.step.node, found.wait.node)) return;
      // Only another call of the same function records, while this one waits for what it sends.
      const { node: waits } = found.wait;
      const waitsForIt = isAsynchronous(waits) && isSent(found.step.node, waits);
      if (!waitsForIt && recordings.every(({ fn }) => fn === root)) return;
      const around = { before: found.step, wait: found.wait, after: step };
      reportAroundWait(context, clearedAfterWait, around, { key, recordings });
    },
  }),
};
