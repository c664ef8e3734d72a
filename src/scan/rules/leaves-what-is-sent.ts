import { methodOf, type Recording, type Source } from "../source/source.js";
import { contains } from "../source/syntax.js";
import type { Step } from "../trace/step.js";
import { canBeAwaited, isIgnored } from "./awaited.js";
import { recordingsIn } from "./flushed.js";
import type { Rule } from "./rule.js";

/** Where a timer takes out what is at a place and hands it on, and looks no further. */
function sentByTimer(
  source: Source,
  key: string,
  root: Step["fn"],
): { taken: Step["node"]; sent: Step["node"] } | undefined {
  const name = key.split(".").at(-1) as string;
  for (const { kind, at, node, scope } of source.facts.values()) {
    if (at.key !== key || (kind !== "reset" && kind !== "remake")) continue;
    const fn = methodOf(scope.fn);
    const isTimed = source.callsOf(fn).some((call) => source.survey.timed.some((timer) => contains(timer, call.node)));
    if (fn === root || !isTimed) continue;
    const word = at.variable === undefined || at.path.length > 0 ? name : at.variable.name;
    for (const sent of source.survey.ignored) {
      if (sent.type !== "CallExpression" || !contains(fn.node, sent)) continue;
      const isGiven = sent.arguments.some(({ start, end }) =>
        new RegExp(`\\b${word}\\b`).test(source.text.slice(start, end)),
      );
      if (isGiven) return { taken: node, sent };
    }
  }
  return undefined;
}

/** A close sends what waits, and nothing where a timer has just taken that out: nobody waits for what the timer has begun. */
export const leavesWhatIsSent: Rule = {
  meta: { name: "leaves-what-is-sent", hazard: "close", marks: ["returns early", "taken", "handed on"] },
  message: (place) =>
    `${place} is sent by a timer that nobody waits for, and this finds nothing there meanwhile: await it, exit, and what is being sent is lost.`,
  create(context) {
    const { source, root, steps, report } = context;
    if (!canBeAwaited(source, root) || isIgnored(source, root)) return {};
    let reported = false;
    return {
      "empty exit"(exit) {
        const { key } = exit;
        if (reported || exit.through !== undefined || exit.taken) return;
        const takes = (at: Step): boolean =>
          at.kind === "join" || ((at.kind === "reset" || at.kind === "take") && at.key === key);
        if (steps.some(takes)) return;
        const recordings: Recording[] = recordingsIn(context, key);
        const found = recordings.length > 0 ? sentByTimer(source, key, root) : undefined;
        if (found === undefined) return;
        reported = true;
        report({
          key,
          marks: [
            { label: "returns early", node: exit.exit },
            { label: "taken", node: found.taken },
            { label: "handed on", node: found.sent },
          ],
          recordings,
        });
      },
    };
  },
};
