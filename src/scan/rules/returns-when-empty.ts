import { follows } from "../trace/search.js";
import { canBeLeftEarly, isIgnored } from "./awaited.js";
import { recordingsIn } from "./flushed.js";
import type { Rule } from "./rule.js";
import { joined, takings } from "./taking.js";

/** The batch is taken out before the send, so whoever flushes meanwhile finds nothing and is told that all is done. */
export const returnsWhenEmpty: Rule = {
  meta: { name: "returns-when-empty", hazard: "early return", marks: ["returns early", "taken", "wait"] },
  message: (place) =>
    `${place} is emptied before it is sent, so another call finds nothing and returns at once: await it, exit, and what is being sent is lost.`,
  create(context) {
    const { source, root, steps, report } = context;
    if (!canBeLeftEarly(context)) return {};
    let reported = false;
    return {
      "empty exit"(exit) {
        if (reported || exit.through !== undefined || exit.line !== 0 || joined(exit, steps)) return;
        const { key } = exit;
        const recordings = recordingsIn(context, key);
        if (recordings.length === 0 || isIgnored(source, root, recordings)) return;
        // A copy can be looked at before what it was made of is emptied.
        const found = takings(steps, key, true).find(
          ({ taken }) => follows(taken, exit) || (exit.taken && follows(exit, taken)),
        );
        if (found === undefined) return;
        reported = true;
        report({
          key,
          marks: [
            { label: "returns early", node: exit.exit },
            { label: "taken", node: found.taken.node },
            { label: "wait", node: found.sent.node },
          ],
          recordings,
        });
      },
    };
  },
};
