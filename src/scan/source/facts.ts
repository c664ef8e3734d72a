import type { AnyNode, CallExpression, MemberExpression } from "acorn";
import { DERIVES, derivesFrom, sameText } from "./derived.js";
import type { Scope } from "./model.js";
import { accessed, bare, CHAINS, type Fresh, freshKind, isFalsy, propertyName } from "./syntax.js";

/** How a place is filled. */
export type RecordKind = "array" | "set" | "map" | "entry" | "sum" | "text" | "call";

/** What a node does to a place, before names are resolved. */
export type RawFact = { place: AnyNode; node: AnyNode; scope: Scope } & (
  | { kind: "record"; how: RecordKind }
  | { kind: "reset"; fresh: Fresh }
  /** Made again by a call; whether that makes an empty one is not known yet. */
  | { kind: "remake"; call: CallExpression }
  /** Set to something that may not be empty. */
  | { kind: "assign"; value: AnyNode }
  /** Some of it taken out in place. */
  | { kind: "remove" }
  /** Made again without what was at its front: `queue = queue.slice(size)`. */
  | { kind: "cut" }
  /** One key of it deleted. */
  | { kind: "drop" }
  /** Gone through item by item, as it is. */
  | { kind: "iterate" }
);

const RECORDERS: Readonly<Record<string, RecordKind>> = { push: "array", unshift: "array", add: "set" };

/** Calls on a place that tell nothing about whether it is a buffer. */
const POKES_NOT = new Set(
  "on once off emit addListener removeListener removeAllListeners addEventListener removeEventListener then catch finally call apply bind forEach delete write end destroy close error warn info debug log trace next return throw resolve reject abort send postMessage pipe unpipe setTimeout assert ok equal test toString".split(
    " ",
  ),
);

const isNumber = (node: AnyNode | undefined, value: number): boolean =>
  node?.type === "Literal" && node.value === value;

/** `queue.splice(0)`, `queue.splice(0, queue.length)`. */
function splicesAll({ arguments: [start, count] }: CallExpression, place: AnyNode): boolean {
  if (!isNumber(start, 0)) return false;
  if (count === undefined) return true;
  return count.type === "MemberExpression" && propertyName(count) === "length" && sameText(count.object, place);
}

/** `queue.slice(size)`: what follows the first items. */
function isCut(value: AnyNode, place: AnyNode): boolean {
  if (value.type !== "CallExpression" || propertyName(value.callee) !== "slice" || value.arguments.length !== 1)
    return false;
  const callee = bare(value.callee);
  return callee.type === "MemberExpression" && sameText(callee.object as AnyNode, place);
}

/** A loop over the keys of a place that deletes them one by one. */
function deletesAll(right: AnyNode, body: AnyNode): AnyNode | undefined {
  const list = bare(right);
  const isKeys =
    list.type === "CallExpression" && propertyName(list.callee) === "keys" && list.arguments[0]?.type !== undefined;
  const place = isKeys ? (list.arguments[0] as AnyNode) : list;
  const first = body.type === "BlockStatement" ? body.body : [body];
  const deletes = first.some(
    (statement) =>
      statement.type === "ExpressionStatement" &&
      statement.expression.type === "UnaryExpression" &&
      statement.expression.operator === "delete" &&
      statement.expression.argument.type === "MemberExpression" &&
      statement.expression.argument.computed &&
      sameText(statement.expression.argument.object, place),
  );
  return deletes ? place : undefined;
}

/** The list that `i < list.length` goes through. */
export function indexed(test: AnyNode): AnyNode | undefined {
  if (test.type !== "BinaryExpression") return undefined;
  for (const [side, index] of [
    [test.left, test.right],
    [test.right, test.left],
  ] as const) {
    const length = bare(side);
    if (index.type === "Identifier" && length.type === "MemberExpression" && propertyName(length) === "length")
      return length.object as AnyNode;
  }
  return undefined;
}

type What<F = RawFact> = F extends RawFact ? Omit<F, "node" | "scope"> : never;

/** `(counts[key] || 0) + 1` */
function addsUp(value: AnyNode): boolean {
  const node = bare(value);
  return node.type === "BinaryExpression" && node.operator === "+";
}

function assignment(node: AnyNode): What | undefined {
  if (node.type !== "AssignmentExpression") return undefined;
  const left = bare(node.left);
  if (left.type !== "MemberExpression" && left.type !== "Identifier") return undefined;
  const named = left.type === "Identifier" || propertyName(left) !== undefined;
  if (!named) {
    if (left.type !== "MemberExpression") return undefined;
    const place = left.object as AnyNode;
    // `queue[key] = undefined` empties, it does not fill.
    if (node.operator === "=" && isFalsy(bare(node.right))) return undefined;
    const replaces = (node.operator === "=" || node.operator === "??=") && !addsUp(node.right);
    return { kind: "record", place, how: replaces ? "entry" : "sum" };
  }
  if (node.operator === "+=") {
    const text =
      node.right.type === "TemplateLiteral" || (node.right.type === "Literal" && typeof node.right.value === "string");
    return { kind: "record", place: left, how: text ? "text" : "sum" };
  }
  if (node.operator !== "=") return undefined;
  if (left.type === "MemberExpression" && propertyName(left) === "length" && isNumber(node.right, 0)) {
    // Either the length of an array, or a counter that is called so.
    return { kind: "reset", place: left, fresh: "number" };
  }
  const right = bare(node.right);
  const fresh = freshKind(right);
  if (fresh !== undefined) return { kind: "reset", place: left, fresh };
  if (derivesFrom(right, left)) {
    const adds =
      right.type === "ArrayExpression" ||
      (right.type === "CallExpression" && propertyName(bare(right.callee)) === "concat");
    if (adds) return { kind: "record", place: left, how: "array" };
    if (right.type === "CallExpression" && CHAINS.has(propertyName(bare(right.callee)) ?? "")) {
      return { kind: "assign", place: left, value: right };
    }
    if (isCut(right, left)) return { kind: "cut", place: left };
    if (right.type === "ObjectExpression") return { kind: "record", place: left, how: "entry" };
    if (right.type === "BinaryExpression" && right.operator === "+") return { kind: "record", place: left, how: "sum" };
    return undefined;
  }
  if (right.type === "CallExpression") return { kind: "remake", place: left, call: right };
  return { kind: "assign", place: left, value: right };
}

function call(node: AnyNode): What | undefined {
  if (node.type !== "CallExpression") return undefined;
  const callee = bare(node.callee);
  if (callee.type !== "MemberExpression" || callee.object.type === "Super") return undefined;
  const place = callee.object;
  const name = propertyName(callee) ?? "";
  const kept = accessed(node, "set");
  if (kept !== undefined) return setter(node, callee, kept);
  const how = RECORDERS[name];
  if (how !== undefined && node.arguments.length > 0) return { kind: "record", place, how };
  // A store of the client's own.
  if (name === "set" && node.arguments.length === 1) return { kind: "record", place, how: "set" };
  if (name === "set" && node.arguments.length === 2) return { kind: "record", place, how: "map" };
  if (name === "clear" && node.arguments.length === 0) return { kind: "reset", place, fresh: "map" };
  if (name === "splice") {
    if (splicesAll(node, place)) return { kind: "reset", place, fresh: "array" };
    return isNumber(node.arguments[1], 0) ? undefined : { kind: "remove", place };
  }
  if (name === "delete" && node.arguments.length === 1) return { kind: "drop", place };
  if (name === "shift" && node.arguments.length === 0) return { kind: "remove", place };
  if (name === "forEach") {
    const [callback] = node.arguments;
    const body =
      callback &&
      (callback.type === "ArrowFunctionExpression" || callback.type === "FunctionExpression") &&
      callback.body;
    const emptied = body ? deletesAll(place, body) : undefined;
    if (emptied !== undefined) return { kind: "reset", place: emptied, fresh: "object" };
    return { kind: "iterate", place };
  }
  return undefined;
}

/** `this.setItem(KEY, [])`, as if it was assigned to `this.getItem(KEY)` */
function setter(node: CallExpression, { object }: MemberExpression, name: string): What | undefined {
  const [, value] = node.arguments;
  if (value === undefined || value.type === "SpreadElement") return undefined;
  const { start, end } = node;
  const property = { type: "Identifier", name, start, end } as const;
  const place: AnyNode = { type: "MemberExpression", object, property, computed: false, optional: false, start, end };
  const fresh = freshKind(bare(value));
  return fresh === undefined ? { kind: "assign", place, value } : { kind: "reset", place, fresh };
}

/** `this.context.setProperty(key, value)`: a buffer of the client's own class. */
function poke(node: AnyNode): What | undefined {
  const expression = node.type === "ExpressionStatement" ? bare(node.expression) : node;
  if (expression.type !== "CallExpression" || expression.arguments.length === 0) return undefined;
  const callee = bare(expression.callee);
  if (callee.type !== "MemberExpression" || callee.object.type === "Super") return undefined;
  const name = propertyName(callee);
  if (name === undefined || name in RECORDERS || DERIVES.has(name) || POKES_NOT.has(name)) return undefined;
  return bare(callee.object).type === "MemberExpression"
    ? { kind: "record", place: callee.object, how: "call" }
    : undefined;
}

function what(node: AnyNode): What | undefined {
  switch (node.type) {
    case "AssignmentExpression":
      return assignment(node);
    case "UpdateExpression": {
      const argument = bare(node.argument);
      if (argument.type === "MemberExpression" && propertyName(argument) === undefined) {
        return { kind: "record", place: argument.object, how: "sum" };
      }
      return node.operator === "++" ? { kind: "record", place: argument, how: "sum" } : undefined;
    }
    case "UnaryExpression": {
      const argument = bare(node.argument);
      if (propertyName(argument) !== undefined) return { kind: "reset", place: argument, fresh: "nothing" };
      return argument.type === "MemberExpression" ? { kind: "drop", place: argument.object } : undefined;
    }
    case "CallExpression":
      return call(node);
    case "ExpressionStatement":
      return poke(node);
    case "ForStatement": {
      const place = node.test ? indexed(node.test) : undefined;
      return place && { kind: "iterate", place };
    }
    case "ForInStatement":
    case "ForOfStatement": {
      const place = deletesAll(node.right, node.body);
      if (place !== undefined) return { kind: "reset", place, fresh: "object" };
      return node.type === "ForOfStatement" ? { kind: "iterate", place: node.right } : undefined;
    }
    default:
      return undefined;
  }
}

/** Adds what a node does to a place, if it does. */
export function findFacts(node: AnyNode, scope: Scope, facts: RawFact[]): void {
  const fact = what(node);
  if (fact !== undefined) facts.push({ ...fact, node, scope } as RawFact);
}
