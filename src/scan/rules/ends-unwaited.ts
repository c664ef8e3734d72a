import type { AnyNode, CallExpression, ForOfStatement } from "acorn";
import { ancestor, simple } from "acorn-walk";
import { placeOf } from "../source/places.js";
import { bare, beginning, isFunction, propertyName } from "../source/syntax.js";
import { isUnclosed, readingLoop } from "../source/transports.js";
import { isAwaitedMethod } from "./awaited.js";
import { inner } from "./handed-on.js";
import type { Rule } from "./rule.js";

/** What is over when it has returned: collections, other streams, which tell when they are full, and loggers. */
const AT_ONCE = /^(?:push|unshift|add|set|delete|write|end|on|once|log|debug|trace|info|warn|error|fatal)$/;

/** Names that are declared in a node. */
function namesIn(node: AnyNode): Set<string> {
  const names = new Set<string>();
  simple(node, {
    Pattern: (pattern) => pattern.type === "Identifier" && void names.add(pattern.name),
  });
  return names;
}

/** Calls that a loop makes itself, and does not look at what they give. */
function ignoredCalls({ body }: ForOfStatement): CallExpression[] {
  const calls: CallExpression[] = [];
  ancestor(body, {
    ExpressionStatement({ expression }, _state, ancestors) {
      const node = bare(expression);
      const call = node.type === "UnaryExpression" && node.operator === "void" ? bare(node.argument) : node;
      if (call.type === "CallExpression" && !ancestors.some(isFunction)) calls.push(call);
    },
  });
  return calls;
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

/** A transport of pino hands its lines on, and its worker ends when it has read the last one. */
export const endsUnwaited: Rule = {
  meta: { name: "ends-unwaited", hazard: "close", marks: ["handed on"] },
  message: (place) =>
    `Each line is handed on to ${place}, and nothing is waited for when the lines end: the worker exits, and what is on its way is lost.`,
  create({ source, root, report }) {
    const loop = isUnclosed(source.text) ? readingLoop(root) : undefined;
    if (loop === undefined) return {};
    const awaits: number[] = [];
    simple(root.node, { AwaitExpression: ({ start }) => void awaits.push(start) });
    const names = namesIn(loop);
    for (const outer of ignoredCalls(loop)) {
      const call = inner(outer);
      const callee = bare(call.callee);
      const first = firstOf(callee);
      const target = source.functionAt(callee, root.scope);
      const place = placeOf(callee, root.scope);
      const isOver =
        place === undefined ||
        AT_ONCE.test(propertyName(callee) ?? "") ||
        (first.type === "Identifier" && (names.has(first.name) || first.name === "console")) ||
        (target !== undefined && !isAwaitedMethod(source, target)) ||
        // Of what is waited for later nothing is known.
        awaits.some((start) => start > outer.end);
      if (isOver || !mentions(call.arguments, names)) continue;
      report({ key: place.key, marks: [{ label: "handed on", node: call }], recordings: [] });
      return {};
    }
    return {};
  },
};
