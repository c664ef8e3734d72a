import type { AnyNode, CallExpression } from "acorn";
import { ancestor } from "acorn-walk";
import { lookup } from "../source/model.js";
import { methodOf, type Source } from "../source/source.js";
import { bare, contains, isFunction, propertyName } from "../source/syntax.js";
import { isAwaitedMethod, isIgnored, returnsOf } from "./awaited.js";
import { recordingsIn } from "./flushed.js";
import { inner } from "./handed-on.js";
import type { Report, Rule, Traced } from "./rule.js";
import { takings } from "./taking.js";

/** Names of what is awaited to have all sent. */
const SENDS_ALL = /flush|drain|^(?:close|end|finish|shutdown|stop)/i;

/** What runs a function before it returns. */
const AT_ONCE = /^(?:forEach|map|run|with)$/;

const isEmpty = (node: AnyNode): boolean =>
  isFunction(node) && node.body.type === "BlockStatement" && node.body.body.length === 0;

/** Whether a call gives a promise, or calls back, and nobody cares. */
function isLeft(source: Source, { root }: Traced, outer: CallExpression): boolean {
  const call = inner(outer);
  if (call !== outer || call.arguments.some((argument) => isEmpty(argument as AnyNode))) return true;
  const target = source.functionAt(call.callee, root.scope);
  return target !== undefined && target !== root && isAwaitedMethod(source, target);
}

/** Whether a function around a node, inside the traced one, may run only when other code has run. */
function isLater({ root }: Traced, ancestors: readonly AnyNode[]): boolean {
  return ancestors.some((fn, index) => {
    if (!isFunction(fn) || contains(fn, root.node)) return false;
    const around = ancestors[index - 1];
    if (around?.type === "NewExpression") return false;
    return around?.type !== "CallExpression" || !AT_ONCE.test(propertyName(bare(around.callee)) ?? "");
  });
}

/** Calls that are handed what is at a place, and that nobody waits for. */
function unwaited(traced: Traced, key: string): CallExpression | undefined {
  const { source, root } = traced;
  const word = new RegExp(`(?<![\\w$])${(key.split(".").at(-1) as string).replace(/[$]/g, "\\$&")}(?![\\w$])`);
  const says = (node: AnyNode | undefined): boolean =>
    node !== undefined && word.test(source.text.slice(node.start, node.end));
  let found: CallExpression | undefined;
  ancestor(root.node as AnyNode, {
    CallExpression(outer, _state, ancestors) {
      if (found !== undefined || !source.survey.ignored.has(outer) || isLater(traced, ancestors)) return;
      const call = inner(outer);
      const { scope } = root;
      const isGiven = call.arguments.some((given) => {
        const node = bare(given as AnyNode);
        return (
          says(node) ||
          (node.type === "Identifier" &&
            says(variableAt(source, node.name, ancestors) ?? lookup(scope, node.name)?.init))
        );
      });
      if (isGiven && isLeft(source, traced, outer) && bare(call.callee).type === "MemberExpression") found = outer;
    },
  });
  return found;
}

/** What a name is declared as in the functions around it. */
function variableAt(source: Source, name: string, ancestors: readonly AnyNode[]): AnyNode | undefined {
  for (const node of ancestors.toReversed()) {
    const scope = source.survey.scopes.get(node) ?? source.survey.fns.get(node)?.scope;
    const variable = scope?.variables.get(name);
    if (variable !== undefined) return variable.init;
  }
  return undefined;
}

/** Whether a promise that is given can settle at once: `Promise.resolve()`, `new Promise((resolve) => { … resolve(); })`. */
function settlesAtOnce(traced: Traced, value: AnyNode): boolean {
  const node = bare(value);
  if (node.type === "Literal" || node.type === "Identifier") return node.type === "Literal";
  if (node.type === "CallExpression")
    return propertyName(bare(node.callee)) === "resolve" && node.arguments.length === 0;
  const [executor] = node.type === "NewExpression" ? node.arguments : [];
  const [resolve] = executor !== undefined && isFunction(executor) ? executor.params : [];
  if (resolve?.type !== "Identifier") return false;
  let found = false;
  ancestor(node, {
    CallExpression({ callee }, _state, ancestors) {
      if (callee.type === "Identifier" && callee.name === resolve.name && !isLater(traced, ancestors)) found = true;
    },
  });
  return found;
}

/** A call of a function of the file that takes out what was recorded and waits for it to be sent, which nobody waits for. */
function leftBehind(traced: Traced): Report | undefined {
  const { source, root, steps } = traced;
  if (steps.some(({ kind }) => kind === "join")) return undefined;
  for (const taken of steps) {
    const { through } = taken;
    if ((taken.kind !== "reset" && taken.kind !== "take") || taken.line !== 0 || through === undefined) continue;
    if (!source.survey.ignored.has(through) || !isAwaitedMethod(source, methodOf(taken.fn))) continue;
    const recordings = recordingsIn(traced, taken.key);
    const sent = takings(steps, taken.key).find((taking) => taking.taken === taken && taking.sent.through === through);
    if (recordings.length === 0 || sent === undefined || !contains(root.node as AnyNode, through)) continue;
    const marks = [
      { label: "taken", node: taken.node },
      { label: "handed on", node: through },
    ] as const;
    return { key: taken.key, marks: [...marks], recordings };
  }
  return undefined;
}

/** What was recorded is handed to what gives a promise or calls back, neither is waited for, and the flush is over. */
export const resolvesUnsent: Rule = {
  meta: { name: "resolves-unsent", hazard: "early return", marks: ["taken", "handed on"] },
  message: (place) =>
    `${place} is emptied and handed on, and what sends it is not waited for: await it, exit, and what is being sent is lost.`,
  create(traced) {
    const { source, root, steps, report } = traced;
    const { node } = root;
    if (
      !SENDS_ALL.test(root.name ?? "") ||
      !isFunction(node) ||
      !isAwaitedMethod(source, root) ||
      isIgnored(source, root)
    )
      return {};
    const waits = steps.some(
      ({ kind, node: at, through }) =>
        kind === "join" || (kind === "wait" && through === undefined && /^(?:Await|Yield)Expression$/.test(at.type)),
    );
    if (waits || !returnsOf(node).every((value) => settlesAtOnce(traced, value))) return {};
    const left = leftBehind(traced);
    if (left !== undefined) {
      report(left);
      return {};
    }
    let reported = false;
    const look = (key: string, taken: AnyNode): void => {
      const recordings = reported ? [] : recordingsIn(traced, key);
      const sent = recordings.length === 0 ? undefined : unwaited(traced, key);
      if (sent === undefined) return;
      reported = true;
      report({
        key,
        marks: [
          { label: "taken", node: taken },
          { label: "handed on", node: sent },
        ],
        recordings,
      });
    };
    return { reset: (step) => look(step.key, step.node), take: (step) => look(step.key, step.node) };
  },
};
