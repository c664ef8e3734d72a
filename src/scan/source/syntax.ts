import type { AnyNode, CallExpression } from "acorn";
import type { FunctionNode } from "./model.js";
import { looseBase, readsPrivate } from "./private-fields.js";

/** Takes away what changes nothing about the value: parentheses, optional chains, `(0, f)`, helpers of compilers for private fields. */
export function bare(node: AnyNode): AnyNode {
  for (let at = node; ; ) {
    if (at.type === "ChainExpression" || at.type === "ParenthesizedExpression") at = at.expression;
    else if (at.type === "SequenceExpression") at = at.expressions.at(-1) as AnyNode;
    else if (at.type !== "CallExpression") return at;
    else {
      const base = looseBase(at);
      if (base === undefined) return readsPrivate(at) ?? at;
      at = base;
    }
  }
}

/** What a path begins at: `this` in `this.queue.length`. */
export function beginning(node: AnyNode): AnyNode {
  let at = bare(node);
  while (at.type === "MemberExpression") at = bare(at.object);
  return at;
}

/** Whether one node is a part of another, or is it. */
export const contains = (outer: AnyNode, inner: AnyNode): boolean =>
  outer.start <= inner.start && inner.end <= outer.end;

export function isFunction(node: AnyNode): node is FunctionNode {
  return (
    node.type === "ArrowFunctionExpression" || node.type === "FunctionExpression" || node.type === "FunctionDeclaration"
  );
}

/** Methods of a promise that make another one of it. */
export const CHAINS: ReadonlySet<string> = new Set(["then", "catch", "finally"]);

/** What calls a function a little later. */
export const TIMERS: ReadonlySet<string> = new Set([
  "setTimeout",
  "setInterval",
  "setImmediate",
  "nextTick",
  "queueMicrotask",
]);

/** Name of the property that a member expression reads, where it is written out. */
export function propertyName(node: AnyNode): string | undefined {
  if (node.type !== "MemberExpression") return undefined;
  const { property } = node;
  if (!node.computed) {
    if (property.type === "PrivateIdentifier") return `#${property.name}`;
    return property.type === "Identifier" ? property.name : undefined;
  }
  if (property.type === "Identifier" && looseBase(node.object) !== undefined) return `#${property.name}`;
  return property.type === "Literal" && typeof property.value === "string" ? property.value : undefined;
}

/** Name of a method, class field or property of an object literal, where it is written out. */
export function keyName(node: AnyNode): string | undefined {
  if (node.type !== "MethodDefinition" && node.type !== "PropertyDefinition" && node.type !== "Property") {
    return undefined;
  }
  const { key } = node;
  if (key.type === "PrivateIdentifier") return `#${key.name}`;
  if (key.type === "Identifier" && !node.computed) return key.name;
  return key.type === "Literal" && typeof key.value === "string" ? key.value : undefined;
}

/** `undefined`, `null`, `false`, `0`, `""`, and how minifiers write them. */
export function isFalsy(node: AnyNode): boolean {
  if (node.type === "Literal")
    return !node.value && !("regex" in node && node.regex) && !("bigint" in node && node.bigint);
  if (node.type === "Identifier") return node.name === "undefined";
  if (node.type !== "UnaryExpression") return false;
  return (
    node.operator === "void" || (node.operator === "!" && node.argument.type === "Literal" && !!node.argument.value)
  );
}

/** Whether a value is `undefined` or `null`. */
export function isNothing(node: AnyNode): boolean {
  if (node.type === "Literal") return node.raw === "null";
  if (node.type === "Identifier") return node.name === "undefined";
  return node.type === "UnaryExpression" && node.operator === "void";
}

/** What kind of empty buffer an expression makes, if any. */
export type Fresh = "array" | "map" | "set" | "object" | "string" | "number" | "nothing" | "custom";

const COLLECTIONS: Readonly<Record<string, Fresh>> = {
  Array: "array",
  Map: "map",
  Set: "set",
  WeakMap: "map",
  WeakSet: "set",
  Object: "object",
};

const isPlain = (node: AnyNode): boolean =>
  node.type === "Literal" || node.type === "NewExpression" || isFalsy(node) || freshKind(node) !== undefined;

export function freshKind(value: AnyNode): Fresh | undefined {
  const node = bare(value);
  if (isNothing(node)) return "nothing";
  switch (node.type) {
    case "ArrayExpression":
      return node.elements.length === 0 ? "array" : undefined;
    case "ObjectExpression":
      return node.properties.every((property) => property.type === "Property" && isPlain(property.value))
        ? "object"
        : undefined;
    case "Literal":
      if (node.value === "") return "string";
      return node.value === 0 ? "number" : undefined;
    case "NewExpression":
      if (node.callee.type !== "Identifier") return "custom";
      // A collection made from another one is not empty.
      if (COLLECTIONS[node.callee.name] !== undefined && node.arguments.length > 0 && node.callee.name !== "Array") {
        return undefined;
      }
      return COLLECTIONS[node.callee.name] ?? "custom";
    case "CallExpression":
      return propertyName(node.callee) === "create" &&
        node.callee.type === "MemberExpression" &&
        node.callee.object.type === "Identifier" &&
        node.callee.object.name === "Object"
        ? "object"
        : undefined;
    default:
      return undefined;
  }
}

/** What is written out in capitals or as a literal, by its last name: `Property.Queue`, `"queue"`. */
function constantName(node: AnyNode): string | undefined {
  if (node.type === "Literal") return typeof node.value === "string" ? node.value : undefined;
  const name = node.type === "MemberExpression" ? propertyName(node) : undefined;
  return name !== undefined && /^[A-Z]/.test(name) ? name : undefined;
}

const ACCESSORS = { get: /^get[A-Z]/, set: /^set[A-Z]/ };

/** The name that `getItem(KEY)` has in common with `setItem(KEY, value)`: what they keep is one place. */
export function accessed(call: CallExpression, verb: "get" | "set"): string | undefined {
  const callee = bare(call.callee);
  const [key] = call.arguments;
  if (callee.type !== "MemberExpression" || callee.object.type === "Super" || key === undefined) return undefined;
  const name = propertyName(callee);
  if (name === undefined || !ACCESSORS[verb].test(name)) return undefined;
  if (call.arguments.length !== (verb === "get" ? 1 : 2)) return undefined;
  const constant = constantName(bare(key));
  return constant === undefined ? undefined : `get${name.slice(3)}(${constant.replaceAll(".", " ")})`;
}
