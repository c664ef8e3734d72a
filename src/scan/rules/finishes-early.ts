import type { AnyNode, CallExpression } from "acorn";
import { simple } from "acorn-walk";
import type { Fn } from "../source/model.js";
import type { Source } from "../source/source.js";
import { nameOf } from "../source/surveyor.js";
import { bare, contains, isFunction, TIMERS } from "../source/syntax.js";
import { callbackOfChunk, isWrite } from "../source/writables.js";
import { isAwaitedMethod, returnsOf } from "./awaited.js";
import { reached } from "./closings.js";
import { handedTo, loggersIn, saysItSends } from "./handed-on.js";
import type { Rule } from "./rule.js";

/** What runs a function at once, with something set for it: `withScope(send)`, `resource.run(send)`. */
const SCOPES = /^(?:with(?:[A-Z]|$)|runInAsyncScope$)/;

const runsAtOnce = (name: string, { arguments: args }: CallExpression): boolean =>
  SCOPES.test(name) || (name === "run" && args.length === 1);

/** What a method does itself, and in functions that run right after it. */
interface Body {
  calls: CallExpression[];
  awaits: AnyNode[];
  /** Calls made when other code has run. */
  later: CallExpression[];
}

export function bodyOf({ node: root }: Fn): Body {
  const calls: CallExpression[] = [];
  const awaits: AnyNode[] = [];
  const functions: AnyNode[] = [];
  // What a timer runs or a scope, and what is an async function in other words.
  const soon = new Set<AnyNode>();
  simple(root, {
    CallExpression(node) {
      calls.push(node);
      const [receiver] = node.arguments;
      const name = nameOf(node.callee) ?? "";
      const isHelped = receiver?.type === "ThisExpression" || TIMERS.has(name) || runsAtOnce(name, node);
      for (const argument of node.arguments)
        if (isHelped || (argument.type === "FunctionExpression" && argument.generator)) soon.add(argument);
    },
    AwaitExpression: (node) => void awaits.push(node),
    YieldExpression: (node) => void awaits.push(node),
    Function: (node) => void functions.push(node as AnyNode),
  });
  const later = functions.filter((node) => node !== root && !soon.has(node));
  const own = (node: AnyNode): boolean => !later.some((fn) => contains(fn, node));
  return { calls: calls.filter(own), awaits: awaits.filter(own), later: calls.filter((call) => !own(call)) };
}

const isTimer = ({ callee }: CallExpression): boolean => TIMERS.has(nameOf(callee) ?? "");

const isNamed = (node: AnyNode, name: string): boolean => node.type === "Identifier" && node.name === name;

/** The callback that a function is given, and nothing else. */
export function callbackOf({ node }: Fn): string | undefined {
  const [only, ...more] = isFunction(node) ? node.params : [];
  return only?.type === "Identifier" && more.length === 0 ? only.name : undefined;
}

/** The calls by which a chunk is said to be done with before anything could have happened to it. */
export function doneAtOnce({ calls, awaits }: Body, callback: string): CallExpression[] {
  const isIt = (node: AnyNode): boolean => isNamed(node, callback);
  return calls.filter((call) => {
    const says = isIt(bare(call.callee)) || (isTimer(call) && call.arguments.some(isIt));
    return says && !awaits.some((node) => node.start < call.start);
  });
}

/** Whether it is said elsewhere too: at once is then a case of its own, such as that there is nothing to send. */
export function isSaidLater({ calls, later }: Body, callback: string): boolean {
  return (
    later.some(({ callee }) => isNamed(bare(callee), callback)) ||
    [...calls, ...later].some((call) => !isTimer(call) && call.arguments.some((node) => isNamed(node, callback)))
  );
}

/** A Writable calls back before what it was given has arrived, and waits for nothing at its end: 'finish' comes too early. */
export const finishesEarly: Rule = {
  meta: { name: "finishes-early", hazard: "close", marks: ["handed on", "called back"] },
  message: (place) =>
    `A chunk is handed on to ${place} and said to be done with at once, and nothing is waited for at the end: wait for 'finish', exit, and what is on its way is lost.`,
  create({ source, root, report }) {
    const callback = isWrite(source, root) ? callbackOfChunk(root) : undefined;
    if (callback === undefined) return {};
    for (const [fn, name] of helpers(source, root, callback)) {
      const body = bodyOf(fn);
      const [done, ...others] = doneAtOnce(body, name);
      const settled = done === undefined ? settledAtOnce(source, fn, body, name) : undefined;
      const said = done ?? settled?.done;
      if (said === undefined) continue;
      const last = others.at(-1)?.start ?? said.start;
      const within = settled?.calls ?? body.calls.map((call) => [fn, call] as const);
      const handing =
        isSaidLater(body, name) && !settled
          ? within.filter(([, call]) => call.start < said.start || (call.start < last && saysItSends(call)))
          : within;
      for (const [around, call] of handing) {
        const key = handedTo(source, around, root.name, call, name);
        if (key === undefined || loggersIn(source, around, bodyOf(around).calls).has(key)) continue;
        report({
          key,
          marks: [
            { label: "handed on", node: call },
            { label: "called back", node: said },
          ],
          recordings: [],
        });
        return {};
      }
    }
    return {};
  },
};

const MAX_HELPERS = 4;

/** A function that is given the callback, or a function that calls it, and those that it hands that on to: each with its name there. */
function helpers(source: Source, root: Fn, callback: string, depth = 0): (readonly [Fn, string])[] {
  const its = new RegExp(`\\b${callback}\\b`);
  const further = bodyOf(root).calls.flatMap(({ callee, arguments: args }) => {
    const target = source.functionAt(callee, root.scope);
    const index = args.findIndex(
      (node) => isNamed(node, callback) || (isFunction(node) && its.test(source.text.slice(node.start, node.end))),
    );
    const parameter = target !== undefined && isFunction(target.node) ? target.node.params[index] : undefined;
    return target !== undefined && target !== root && parameter?.type === "Identifier" && depth < MAX_HELPERS
      ? helpers(source, target, parameter.name, depth + 1)
      : [];
  });
  return [[root, callback], ...further];
}

/** `insert(chunk).then(() => callback())`, where `insert` is of this file and waits for nothing: with all that it calls. */
function settledAtOnce(
  source: Source,
  fn: Fn,
  { calls }: Body,
  callback: string,
): { done: CallExpression; calls: (readonly [Fn, CallExpression])[] } | undefined {
  for (const call of calls) {
    const callee = bare(call.callee);
    if (callee.type !== "MemberExpression" || callee.object.type !== "CallExpression" || nameOf(callee) !== "then")
      continue;
    const [then] = call.arguments;
    const target = source.functionAt(callee.object.callee, fn.scope);
    const says = then !== undefined && new RegExp(`\\b${callback}\\b`).test(source.text.slice(then.start, then.end));
    if (
      !says ||
      target === undefined ||
      !isFunction(target.node) ||
      !target.node.async ||
      bodyOf(target).awaits.length > 0
    )
      continue;
    if (returnsOf(target.node).length > 0) continue;
    const within = [...reached(source, target)].filter((at) => at === target || !isAwaitedMethod(source, at));
    return { done: call, calls: within.flatMap((at) => bodyOf(at).calls.map((its) => [at, its] as const)) };
  }
  return undefined;
}
