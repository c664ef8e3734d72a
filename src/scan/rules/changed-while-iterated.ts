import { isInLoop } from "./loops.js";
import type { Rule } from "./rule.js";

/** An array is gone through while its items are called, and items can be taken out of it meanwhile: others are passed over. */
export const changedWhileIterated: Rule = {
  meta: { name: "changed-while-iterated", hazard: "re-entrancy", marks: ["iterates", "calls out", "taken"] },
  message: (place) =>
    `${place} is gone through while functions of the user's run, and items are taken out of it in place: whoever follows a removed one is passed over.`,
  create: ({ source, root, steps, report }) => ({
    iterate(loop) {
      if (loop.through !== undefined) return;
      const { key } = loop;
      const removal = source.removedOutside(key, root);
      const recordings = source.recordedOutside(key, root).filter(({ how }) => how === "array");
      if (removal === undefined || recordings.length === 0) return;
      const callOut = steps.find((step) => step.kind === "call out" && isInLoop(step, loop));
      if (callOut === undefined) return;
      report({
        key,
        marks: [
          { label: "iterates", node: loop.node },
          { label: "calls out", node: callOut.node },
          { label: "taken", node: removal.node },
        ],
        recordings: [...recordings, { key, how: "array", fn: removal.scope.fn, node: removal.node }],
      });
    },
  }),
};
