import type { AnyNode, CallExpression } from "acorn";
import { type FunctionNode, lookup } from "../source/model.js";
import { bare, isFalsy, isFunction, isNothing, propertyName } from "../source/syntax.js";
import type { Tracer } from "./tracer.js";

/** What must be so for a test to hold: a place is full or empty, or tests as true or false. */
export interface Condition {
  kind: "empty" | "full" | "truthy" | "falsy";
  key: string;
  taken: boolean;
}

const OPPOSITE = { empty: "full", full: "empty", truthy: "falsy", falsy: "truthy" } as const;

export const negated = (conditions: readonly Condition[]): Condition[] =>
  conditions.map((condition) => ({ ...condition, kind: OPPOSITE[condition.kind] }));

const isNumber = (node: AnyNode, value: number): boolean => node.type === "Literal" && node.value === value;

/** The places whose emptiness a length tells: `queue.length`, `Object.keys(data).length`, `batch.length`. */
function measured(tracer: Tracer, side: AnyNode): Omit<Condition, "kind">[] {
  const node = bare(side);
  if (node.type !== "MemberExpression" || !tracer.isLength(node)) return [];
  let of = bare(node.object);
  if (
    of.type === "CallExpression" &&
    of.arguments[0] &&
    /^(?:keys|values|entries)$/.test(propertyName(of.callee) ?? "")
  ) {
    of = bare(of.arguments[0] as AnyNode);
  }
  const place = tracer.shared(of);
  if (place !== undefined && tracer.source.recordings.has(place.key)) return [{ key: place.key, taken: false }];
  // Its own counter may be called `length`.
  const own = tracer.shared(node);
  if (own !== undefined && tracer.source.recordings.has(own.key)) return [{ key: own.key, taken: false }];
  if (of.type === "ThisExpression") return [];
  return tracer.heldBy(of).map((key) => ({ key, taken: true }));
}

/** `store.size()`, `store.isEmpty()` */
function sizeOf(tracer: Tracer, { callee, arguments: args }: CallExpression): Condition | undefined {
  const name = propertyName(callee);
  if (callee.type !== "MemberExpression" || args.length > 0 || !/^(?:size|length|count|isEmpty)$/.test(name ?? "")) {
    return undefined;
  }
  const place = tracer.shared(callee.object as AnyNode);
  if (place === undefined || place.partial || !tracer.source.recordings.has(place.key)) return undefined;
  return { kind: name === "isEmpty" ? "empty" : "full", key: place.key, taken: false };
}

function comparison(tracer: Tracer, operator: string, left: AnyNode, right: AnyNode): Condition[] {
  const lengths = measured(tracer, left);
  if (lengths.length > 0) {
    const empty =
      (/^={2,3}$/.test(operator) && isNumber(right, 0)) ||
      (operator === "<" && isNumber(right, 1)) ||
      (operator === "<=" && isNumber(right, 0));
    const full =
      (/^!={1,2}$/.test(operator) && isNumber(right, 0)) ||
      (operator === ">" && isNumber(right, 0)) ||
      (operator === ">=" && isNumber(right, 1));
    if (!empty && !full) return [];
    return lengths.map((of) => ({ ...of, kind: empty ? "empty" : "full" }));
  }
  const place = tracer.shared(left);
  if (place === undefined || place.partial) return [];
  const isTrue = right.type === "Literal" && right.value === true;
  const equal = /^={2,3}$/.test(operator);
  if (!equal && !/^!={1,2}$/.test(operator)) return [];
  if (!isTrue && !isNothing(right) && !isFalsy(right)) return [];
  return [{ kind: equal === isTrue ? "truthy" : "falsy", key: place.key, taken: false }];
}

/** What makes a function answer yes: `return !this.queue.length`, or `if (this.queue.length) return false;` first. */
function answers(tracer: Tracer, { body }: FunctionNode, depth: number): Condition[] {
  if (body.type !== "BlockStatement") return conditions(tracer, body, depth);
  const found: Condition[] = [];
  for (const statement of body.body) {
    if (statement.type === "ReturnStatement") {
      if (statement.argument && body.body.length === 1) found.push(...conditions(tracer, statement.argument, depth));
      break;
    }
    if (statement.type !== "IfStatement") break;
    const { consequent, test } = statement;
    const only = consequent.type === "BlockStatement" ? consequent.body[0] : consequent;
    const answer = only?.type === "ReturnStatement" ? only.argument : undefined;
    if (answer?.type !== "Literal" && answer?.type !== "UnaryExpression") break;
    const whole = conditions(tracer, test, depth);
    if (isFalsy(answer)) found.push(...negated(whole));
  }
  return found;
}

/** What a test looks at. A part of it may not be understood: what is returned can hold without the whole. */
export function conditions(tracer: Tracer, test: AnyNode, depth = 0): Condition[] {
  const node = bare(test);
  if (depth > 4) return [];
  switch (node.type) {
    case "LogicalExpression":
      return [...conditions(tracer, node.left, depth + 1), ...conditions(tracer, node.right, depth + 1)];
    case "UnaryExpression":
      return node.operator === "!" ? negated(conditions(tracer, node.argument, depth + 1)) : [];
    case "BinaryExpression": {
      if (node.left.type === "PrivateIdentifier") return [];
      const [left, right] = [bare(node.left), bare(node.right)];
      const found = comparison(tracer, node.operator, left, right);
      if (found.length > 0) return found;
      const flipped: Record<string, string> = { "<": ">", ">": "<", "<=": ">=", ">=": "<=" };
      return comparison(tracer, flipped[node.operator] ?? node.operator, right, left);
    }
    case "MemberExpression":
    case "Identifier": {
      const lengths = measured(tracer, node);
      if (lengths.length > 0) return lengths.map((of) => ({ ...of, kind: "full" }));
      const place = tracer.shared(node);
      if (place?.partial) return [];
      // `const count = queue.length`
      const list = place?.key.replace(/\.(?:length|size)$/, "");
      if (list !== undefined && list !== place?.key && tracer.source.recordings.has(list)) {
        return [{ kind: "full", key: list, taken: false }];
      }
      if (place !== undefined) return [{ kind: "truthy", key: place.key, taken: false }];
      // `const batch = batches.get(key)`
      const got = node.type === "Identifier" ? tracer.heldBy(node).filter((key) => tracer.picked.has(key)) : [];
      if (got.length > 0) return got.map((key) => ({ kind: "full", key, taken: false }));
      // `const [batch, ...rest] = chunk(queue, size)`
      const variable = node.type === "Identifier" ? lookup(tracer.scope, node.name) : undefined;
      if (variable !== undefined && tracer.parts.has(variable))
        return tracer.heldBy(node).map((key) => ({ kind: "full", key, taken: true }));
      // `const isEmpty = queue.length === 0`
      const init = variable?.init && bare(variable.init);
      return init?.type === "BinaryExpression" || init?.type === "UnaryExpression"
        ? conditions(tracer, init, depth + 1)
        : [];
    }
    case "CallExpression": {
      const size = sizeOf(tracer, node);
      if (size !== undefined) return [size];
      const fn = tracer.source.functionAt(node.callee, tracer.scope);
      if (fn === undefined || !isFunction(fn.node)) return [];
      const { scope } = tracer;
      tracer.scope = fn.scope;
      const found = answers(tracer, fn.node, depth + 1);
      tracer.scope = scope;
      return found;
    }
    default:
      return [];
  }
}

/** Keys of the places that are absent or empty where a test holds: what is put there then replaces nothing. */
export function lackedIn(tracer: Tracer, test: AnyNode): string[] {
  return conditions(tracer, test).flatMap(({ kind, key, taken }) =>
    !taken && (kind === "falsy" || kind === "empty") ? [key] : [],
  );
}
