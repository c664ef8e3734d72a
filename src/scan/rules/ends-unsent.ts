import type { AnyNode, CallExpression } from "acorn";
import { simple } from "acorn-walk";
import { type Fn, isWithin } from "../source/model.js";
import { placeOf } from "../source/places.js";
import type { Source } from "../source/source.js";
import { bare, isFunction } from "../source/syntax.js";
import { isLast } from "../source/writables.js";
import { isAwaitedMethod } from "./awaited.js";
import { reached } from "./closings.js";
import { bodyOf, doneAtOnce, isSaidLater } from "./finishes-early.js";
import { inner, isAnswered } from "./handed-on.js";
import type { Rule } from "./rule.js";

/** Methods that a stream waits for when its last chunk has come. */
export const lastsOf = (source: Source): Fn[] => [...source.survey.fns.values()].filter((fn) => isLast(source, fn));

/** A call that gives a promise or answers, of which nobody looks at what became. */
function leftIn(source: Source, fn: Fn): CallExpression | undefined {
  let found: CallExpression | undefined;
  simple(fn.node as AnyNode, {
    CallExpression(outer) {
      const call = inner(outer);
      if (found !== undefined || !source.survey.ignored.has(outer)) return;
      const target = source.functionAt(call.callee, fn.scope);
      const isIts = bare(call.callee).type === "MemberExpression" || target !== undefined;
      const goesOn = call !== outer || isAnswered(call) || (target !== undefined && isAwaitedMethod(source, target));
      if (isIts && goesOn && placeOf(call.callee, fn.scope) !== undefined) found = outer;
    },
  });
  return found;
}

/** The callback that a function is given, and nothing else. */
function callbackOf({ node }: Fn): string | undefined {
  const [only, ...more] = isFunction(node) ? node.params : [];
  return only?.type === "Identifier" && more.length === 0 ? only.name : undefined;
}

/** A stream sends what is left when its last chunk has come, and says at once that this is done. */
export const endsUnsent: Rule = {
  meta: { name: "ends-unsent", hazard: "close", marks: ["handed on", "called back"] },
  message: (place) =>
    `${place} is told to send what is left, and the stream says at once that it is done: wait for 'finish', exit, and what is being sent is lost.`,
  create({ source, root, report }) {
    const callback = isLast(source, root) ? callbackOf(root) : undefined;
    const body = callback === undefined ? undefined : bodyOf(root);
    if (callback === undefined || body === undefined || body.awaits.length > 0 || isSaidLater(body, callback))
      return {};
    const [done] = doneAtOnce(body, callback);
    if (done === undefined) return {};
    for (const fn of reached(source, root, 3)) {
      if (fn !== root && isWithin(fn, root)) continue;
      const left = leftIn(source, fn);
      const key = left && placeOf(inner(left).callee, fn.scope)?.key;
      if (left === undefined || key === undefined) continue;
      report({
        key,
        marks: [
          { label: "handed on", node: left },
          { label: "called back", node: done },
        ],
        recordings: [],
      });
      return {};
    }
    return {};
  },
};
