import type { AnyNode, CallExpression } from "acorn";
import { simple } from "acorn-walk";
import { type Fn, isWithin } from "../source/model.js";
import { placeOf } from "../source/places.js";
import type { Source } from "../source/source.js";
import { bare } from "../source/syntax.js";
import { isLast } from "../source/writables.js";
import { isAwaitedMethod } from "./awaited.js";
import { reached } from "./closings.js";
import { bodyOf, callbackOf, doneAtOnce, isSaidLater } from "./finishes-early.js";
import { inner, isAnswered } from "./handed-on.js";
import type { Rule } from "./rule.js";

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

/** What a stream's last method leaves on its way, and where it says that it is done. */
function unsentBy(source: Source, root: Fn): { key: string; left: CallExpression; done: CallExpression } | undefined {
  const callback = isLast(source, root) ? callbackOf(root) : undefined;
  const body = callback === undefined ? undefined : bodyOf(root);
  if (callback === undefined || body === undefined || body.awaits.length > 0 || isSaidLater(body, callback))
    return undefined;
  const [done] = doneAtOnce(body, callback);
  if (done === undefined) return undefined;
  for (const fn of reached(source, root, 3)) {
    const left = fn !== root && isWithin(fn, root) ? undefined : leftIn(source, fn);
    const key = left && placeOf(inner(left).callee, fn.scope)?.key;
    if (left !== undefined && key !== undefined) return { key, left, done };
  }
  return undefined;
}

/** Methods by which streams end with something on its way. */
export const lastsOf = (source: Source): Fn[] =>
  [...source.survey.fns.values()].filter((fn) => unsentBy(source, fn) !== undefined);

/** A stream sends what is left when its last chunk has come, and says at once that this is done. */
export const endsUnsent: Rule = {
  meta: { name: "ends-unsent", hazard: "close", marks: ["handed on", "called back"] },
  message: (place) =>
    `${place} is told to send what is left, and the stream says at once that it is done: wait for 'finish', exit, and what is being sent is lost.`,
  create({ source, root, report }) {
    const found = unsentBy(source, root);
    if (found === undefined) return {};
    report({
      key: found.key,
      marks: [
        { label: "handed on", node: found.left },
        { label: "called back", node: found.done },
      ],
      recordings: [],
    });
    return {};
  },
};
