import type { AnyNode } from "acorn";
import { CHAINS, contains, propertyName } from "../source/syntax.js";

/** Whether a wait is for what is given the value: a timer that it sets is not. */
export function isSent(read: AnyNode, wait: AnyNode): boolean {
  const timer =
    wait.type === "CallExpression" && wait.callee.type === "Identifier" && wait.callee.name === "setTimeout";
  return !timer && contains(wait, read);
}

/** Whether a wait is surely one: `await`, or a promise's `then`. */
export function isAsynchronous(wait: AnyNode): boolean {
  if (wait.type !== "CallExpression") return wait.type !== "NewExpression";
  return CHAINS.has(propertyName(wait.callee) ?? "");
}
