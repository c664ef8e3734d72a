import type { AnyNode } from "acorn";
import { bare, propertyName } from "./syntax.js";

/** Methods of arrays, maps, sets, strings and promises that give a changed copy of what they are called on. */
export const DERIVES = new Set(
  "concat filter map slice splice flat flatMap toSorted toReversed toSpliced sort reverse with trim trimStart trimEnd replace replaceAll substring substr padStart padEnd toLowerCase toUpperCase then catch finally bind union difference intersection subarray next pop shift".split(
    " ",
  ),
);

/** Whether two expressions are written alike: names and properties only. */
export function sameText(a: AnyNode, b: AnyNode): boolean {
  const [x, y] = [bare(a), bare(b)];
  if (x.type !== y.type) return false;
  if (x.type === "ThisExpression") return true;
  if (x.type === "Identifier" && y.type === "Identifier") return x.name === y.name;
  if (x.type !== "MemberExpression" || y.type !== "MemberExpression") return false;
  const name = propertyName(x);
  return name !== undefined && name === propertyName(y) && sameText(x.object, y.object);
}

/** Whether an expression is made from what is at a place: `[...queue, item]`, `queue.filter(f)`. */
export function derivesFrom(node: AnyNode, place: AnyNode): boolean {
  const value = bare(node);
  if (value.type === "ArrayExpression") {
    return value.elements.some((element) => element?.type === "SpreadElement" && derivesFrom(element.argument, place));
  }
  if (value.type === "ObjectExpression") {
    return value.properties.some((entry) => entry.type === "SpreadElement" && derivesFrom(entry.argument, place));
  }
  if (value.type === "CallExpression") {
    const callee = bare(value.callee);
    if (value.arguments.some((argument) => argument.type !== "SpreadElement" && derivesFrom(argument, place)))
      return true;
    if (callee.type !== "MemberExpression" || callee.object.type === "Super") return false;
    return derivesFrom(callee.object, place) && DERIVES.has(propertyName(callee) ?? "");
  }
  if (value.type === "NewExpression") {
    return value.arguments.some((argument) =>
      derivesFrom(argument.type === "SpreadElement" ? argument.argument : argument, place),
    );
  }
  if (value.type === "BinaryExpression") {
    return (
      (value.left.type !== "PrivateIdentifier" && derivesFrom(value.left, place)) || derivesFrom(value.right, place)
    );
  }
  if (value.type === "LogicalExpression") return derivesFrom(value.left, place) || derivesFrom(value.right, place);
  if (value.type === "ConditionalExpression") {
    return derivesFrom(value.consequent, place) || derivesFrom(value.alternate, place);
  }
  return sameText(value, place);
}
