import type { AnyNode } from "acorn";
import { bare } from "./syntax.js";

/** Notes the calls whose result nobody looks at: `flush();`, `void flush();`, `flush().catch(log);`, `ready && flush();` */
export function ignoreResult(expression: AnyNode, ignored: Set<AnyNode>): void {
  const node = bare(expression);
  if (node.type === "CallExpression") {
    ignored.add(node);
    const callee = bare(node.callee);
    if (callee.type === "MemberExpression" && callee.object.type !== "Super") ignoreResult(callee.object, ignored);
  } else if (node.type === "UnaryExpression") ignoreResult(node.argument, ignored);
  else if (node.type === "LogicalExpression") ignoreResult(node.right, ignored);
  else if (node.type === "ConditionalExpression") {
    ignoreResult(node.consequent, ignored);
    ignoreResult(node.alternate, ignored);
  }
  if (expression.type === "SequenceExpression") for (const each of expression.expressions) ignoreResult(each, ignored);
}
