import type { AnyNode, CallExpression, ForOfStatement, ForStatement } from "acorn";
import { ancestor, simple } from "acorn-walk";
import { placeOf } from "../source/places.js";
import { bare, beginning, contains, isFunction, propertyName } from "../source/syntax.js";
import { isUnclosed, readingLoop } from "../source/transports.js";
import { isAwaitedMethod } from "./awaited.js";
import { inner } from "./handed-on.js";
import type { Rule } from "./rule.js";

/** What is over when it has returned: collections, other streams, which tell when they are full, and loggers. */
const AT_ONCE = /^(?:push|unshift|add|set|delete|write|end|on|once|log|debug|trace|info|warn|error|fatal)$/;
const FILLS = /^(?:push|unshift|add|set)$/;

/** Names that are declared in a node. */
function namesIn(node: AnyNode): Set<string> {
  const names = new Set<string>();
  simple(node, {
    Pattern: (pattern) => pattern.type === "Identifier" && void names.add(pattern.name),
  });
  return names;
}

/** A call, and whether it is waited for by whom nobody waits for. */
interface Handing {
  call: CallExpression;
  awaited: boolean;
}

/** Calls that a reader makes itself for each line, or behind its loop, and whose end nobody but itself waits for. */
function handings(reader: AnyNode, loop: ForOfStatement | ForStatement): Handing[] {
  const found: Handing[] = [];
  const add = (expression: AnyNode, ancestors: readonly AnyNode[], awaited: boolean): void => {
    const call = bare(expression);
    if (
      call.type !== "CallExpression" ||
      ancestors.some((at) => at !== reader && isFunction(at) && !contains(at, loop))
    )
      return;
    if (contains(loop.body, call) || (awaited && call.start > loop.end)) found.push({ call, awaited });
  };
  ancestor(reader, {
    ExpressionStatement({ expression }, _state, ancestors) {
      const node = bare(expression);
      add(node.type === "UnaryExpression" && node.operator === "void" ? node.argument : node, ancestors, false);
    },
    AwaitExpression: ({ argument }, _state, ancestors) => add(argument, ancestors, true),
    YieldExpression: ({ argument }, _state, ancestors) => void (argument && add(argument, ancestors, true)),
  });
  return found;
}

/** The lists that a loop puts its lines into. */
function filled(handed: readonly Handing[], names: ReadonlySet<string>): string[] {
  return handed.flatMap(({ call }) => {
    const first = beginning(call.callee);
    const isFilled = FILLS.test(propertyName(bare(call.callee)) ?? "") && mentions(call.arguments, names);
    return isFilled && first.type === "Identifier" ? [first.name] : [];
  });
}

function mentions(nodes: readonly AnyNode[], names: ReadonlySet<string>): boolean {
  let found = false;
  for (const node of nodes)
    simple(node, {
      Identifier({ name }) {
        found ||= names.has(name);
      },
    });
  return found;
}

/** What a chain of calls begins at: `batch` in `batch.line(1).add(2)`. */
function firstOf(callee: AnyNode): AnyNode {
  const at = beginning(callee);
  return at.type === "CallExpression" ? firstOf(at.callee) : at;
}

/** What sends and is declared nowhere. */
const globalSender = (callee: AnyNode): string | undefined =>
  callee.type === "Identifier" && callee.name === "fetch" ? "globalThis.fetch" : undefined;

/** A transport of pino hands its lines on, and its worker ends when it has read the last one: nobody waits for its reader. */
export const endsUnwaited: Rule = {
  meta: { name: "ends-unwaited", hazard: "close", marks: ["handed on"] },
  message: (place) =>
    `Each line is handed on to ${place}, and nothing is waited for when the lines end: the worker exits, and what is on its way is lost.`,
  create({ source, root, report }) {
    const loop = isUnclosed(source.text) ? readingLoop(root) : undefined;
    if (loop === undefined) return {};
    const own = namesIn(loop);
    const handed = handings(root.node, loop);
    const names = new Set([...own, ...filled(handed, own)]);
    for (const { call: outer, awaited } of handed) {
      const call = inner(outer);
      const callee = bare(call.callee);
      const first = firstOf(callee);
      const target = source.functionAt(callee, root.scope);
      const key = placeOf(callee, root.scope)?.key ?? globalSender(callee);
      const isOver =
        key === undefined ||
        (!awaited && AT_ONCE.test(propertyName(callee) ?? "")) ||
        (first.type === "Identifier" && (own.has(first.name) || first.name === "console")) ||
        (target !== undefined && !isAwaitedMethod(source, target));
      if (isOver || !mentions(call.arguments, awaited ? names : own)) continue;
      report({ key, marks: [{ label: "handed on", node: call }], recordings: [] });
      return {};
    }
    return {};
  },
};
