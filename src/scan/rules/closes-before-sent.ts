import type { AnyNode, CallExpression } from "acorn";
import { simple } from "acorn-walk";
import type { Fn } from "../source/model.js";
import { methodOf, type Source } from "../source/source.js";
import { bare, contains, isFunction, propertyName } from "../source/syntax.js";
import { canBeAwaited } from "./awaited.js";
import { closedBy, keyOf } from "./closings.js";
import type { Rule } from "./rule.js";
import { closesIn, isClose } from "./stopped-unsent.js";

const CLOSING = new Set(["close", "destroy", "disconnect", "end"]);
const SENDING = /^(?:send|write)$/;

/** What calls its argument for events to come, or before it returns: not when what was begun is over. */
const OTHER =
  /^(?:on|once|addListener|prependListener|addEventListener|subscribe|setInterval|forEach|map|filter|some|every|reduce|use)$/;

/** The call that a function is given to, to be called when that is over. */
function givenTo({ node, parent }: Fn): CallExpression | undefined {
  let found: CallExpression | undefined;
  if (parent !== undefined)
    simple(parent.node as AnyNode, {
      CallExpression(call) {
        const name = call.callee.type === "Identifier" ? call.callee.name : propertyName(bare(call.callee));
        if (!OTHER.test(name ?? "") && call.arguments.some((argument) => argument === node)) found = call;
      },
    });
  return found;
}

/** The function that is told something, and does what is in another when something else is over. */
function begunBy(fn: Fn): Fn | undefined {
  for (let at = fn; at.parent !== undefined && at.owner === undefined; at = at.parent)
    if (givenTo(at) !== undefined) return methodOf(at.parent);
  return undefined;
}

function mentionsParameter({ arguments: args }: CallExpression, fns: readonly Fn[]): boolean {
  const names = new Set(
    fns.flatMap(({ node }) =>
      isFunction(node) ? node.params.flatMap((at) => (at.type === "Identifier" ? [at.name] : [])) : [],
    ),
  );
  let found = false;
  for (const argument of args)
    simple(argument as AnyNode, {
      Identifier({ name }) {
        found ||= names.has(name);
      },
    });
  return found;
}

/** Where something that a function was told is sent over a connection only when other code has run, and nobody is told when. */
function owedBy(source: Source, key: string): CallExpression | undefined {
  for (const { node, callee, scope } of [
    ...(source.survey.calls.get("send") ?? []),
    ...(source.survey.calls.get("write") ?? []),
  ]) {
    if (node.type !== "CallExpression" || !SENDING.test(propertyName(callee) ?? "") || keyOf(callee, scope.fn) !== key)
      continue;
    const sender = methodOf(scope.fn);
    const later = [scope.fn, ...source.callsOf(sender).map((call) => call.scope.fn)];
    for (const fn of later) {
      const begun = begunBy(fn);
      const isTold = begun !== undefined && isFunction(begun.node) && begun.node.params.length > 0;
      if (!isTold || isClose(begun) || begun.name === "constructor" || canBeAwaited(source, begun)) continue;
      if (mentionsParameter(node, [sender, scope.fn, fn, begun])) return node;
    }
  }
  return undefined;
}

/** Methods that close what something is still to be sent over. */
export const closersOf = (source: Source): Fn[] =>
  closesIn(source).filter((fn) => closedBy(fn, CLOSING).some(({ key }) => owedBy(source, key)));

/** A connection is closed at once, and what was recorded before is still to be written to it: it is being made into a message, or waits. */
export const closesBeforeSent: Rule = {
  meta: { name: "closes-before-sent", hazard: "close", marks: ["stopped", "handed on"] },
  message: (place) =>
    `${place} is closed at once, and what was recorded before is written to it later: close, and that is lost.`,
  create({ source, root, report }) {
    if (root.owner === undefined || !isClose(root)) return {};
    for (const { key, call } of closedBy(root, CLOSING)) {
      const owed = owedBy(source, key);
      if (owed === undefined || contains(root.node as AnyNode, owed)) continue;
      report({
        key,
        marks: [
          { label: "stopped", node: call },
          { label: "handed on", node: owed },
        ],
        recordings: [],
      });
      break;
    }
    return {};
  },
};
