import type { AnyNode } from "acorn";
import { type FunctionNode, lookup } from "../source/model.js";
import { bare, isFunction, propertyName } from "../source/syntax.js";
import type { Tracer } from "./tracer.js";

/** The function that an argument is or names. */
export function callbackOf(tracer: Tracer, argument: AnyNode): FunctionNode | undefined {
  const node = bare(argument);
  if (isFunction(node)) return node;
  if (
    node.type === "CallExpression" &&
    propertyName(node.callee) === "bind" &&
    node.callee.type === "MemberExpression"
  ) {
    const bound = callbackOf(tracer, node.callee.object as AnyNode);
    if (bound !== undefined) give(tracer, bound, node.arguments.slice(1));
    return bound;
  }
  if (node.type !== "Identifier" && node.type !== "MemberExpression") return undefined;
  const variable = node.type === "Identifier" ? lookup(tracer.scope, node.name) : undefined;
  const given = variable && tracer.given.get(variable);
  if (given !== undefined) return given;
  const found = tracer.source.functionAt(node, tracer.scope)?.node;
  return found !== undefined && isFunction(found) ? found : undefined;
}

/** Notes which of its parameters a function gets callbacks for; returns whether it gets any. */
export function give(tracer: Tracer, fn: FunctionNode, args: readonly AnyNode[]): boolean {
  let isGiven = false;
  const scope = tracer.source.survey.fns.get(fn)?.scope;
  fn.params.forEach((parameter, index) => {
    const argument = args[index];
    const variable = parameter.type === "Identifier" && scope ? lookup(scope, parameter.name) : undefined;
    if (variable === undefined) return;
    const callback = argument && callbackOf(tracer, argument);
    if (callback === undefined) tracer.given.delete(variable);
    else {
      tracer.given.set(variable, callback);
      isGiven = true;
    }
  });
  return isGiven;
}
