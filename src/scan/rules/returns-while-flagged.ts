import type { AnyNode } from "acorn";
import { simple } from "acorn-walk";
import type { Fn } from "../source/model.js";
import { bare, contains, isFunction, propertyName } from "../source/syntax.js";
import { findSinceWait, searchBack } from "../trace/search.js";
import { canBeLeftEarly } from "./awaited.js";
import { recordingsRead } from "./flushed.js";
import type { Rule } from "./rule.js";

/** Whether a call has left what it was given with others by then, to be called when all is done: `waiting.push(done)`. */
function isRemembered({ node }: Fn, { start: exit }: AnyNode): boolean {
  if (!isFunction(node)) return false;
  const names = new Set(node.params.flatMap((parameter) => (parameter.type === "Identifier" ? [parameter.name] : [])));
  const kept: AnyNode[] = [];
  const called = new Set<string>();
  const arms: AnyNode[] = [];
  simple(node.body, {
    CallExpression(call) {
      const [first] = call.arguments;
      if (call.callee.type === "Identifier") called.add(call.callee.name);
      if (propertyName(bare(call.callee)) === "push" && first?.type === "Identifier" && names.has(first.name))
        kept.push(first);
    },
    IfStatement({ consequent, end }) {
      if (end <= exit) arms.push(consequent);
    },
  });
  return kept.some(
    (first) =>
      first.end <= exit &&
      first.type === "Identifier" &&
      called.has(first.name) &&
      !arms.some((arm) => contains(arm, first)),
  );
}

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
        if (isRemembered(context.root, exit.exit)) return;
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
