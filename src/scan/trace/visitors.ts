import type { AnyNode, CallExpression, ForOfStatement } from "acorn";
import { sameText } from "../source/derived.js";
import { indexed } from "../source/facts.js";
import { bare, isFalsy, isFunction, propertyName } from "../source/syntax.js";
import { visitCall } from "./calls.js";
import { conditions, lackedIn } from "./conditions.js";
import { effect, join, waitFor } from "./effects.js";
import { exitsOf, quietValue } from "./exits.js";
import type { Step } from "./step.js";
import type { Tracer, Use } from "./tracer.js";
import { downlevelWait, visitSwitch } from "./transpiled.js";

type Visitor = (t: Tracer, node: AnyNode, use: Use) => void;
type Visitors = { [type in AnyNode["type"]]?: (t: Tracer, node: Extract<AnyNode, { type: type }>, use: Use) => void };

function ignore(): void {}

function loop(t: Tracer, walk: () => void): void {
  const start = t.cursor;
  t.breaks.push([]);
  walk();
  const broken = t.breaks.pop() as Step[];
  t.cursor = [...new Set([...start, ...t.cursor, ...broken])];
}

function arm(t: Tracer, walk: () => void, start: readonly Step[]): Step[] {
  t.cursor = [...start];
  walk();
  return t.cursor;
}

/** Keys of the places that a test compares: `batch === this.batch`, `queue.length > sent`. */
function comparedIn(t: Tracer, test: AnyNode): string[] {
  const node = bare(test);
  if (node.type === "LogicalExpression") return [...comparedIn(t, node.left), ...comparedIn(t, node.right)];
  if (node.type !== "BinaryExpression" || node.left.type === "PrivateIdentifier") return [];
  if (isConstant(node.left) || isConstant(node.right)) return [];
  const lengths = [node.left, node.right].flatMap((side) => {
    const length = bare(side);
    return length.type === "MemberExpression" && t.isLength(length) ? [length.object as AnyNode] : [];
  });
  if (lengths.length > 0) return lengths.flatMap((list) => t.shared(list)?.key ?? []);
  if (!/^===?$/.test(node.operator)) return [];
  return [node.left, node.right].flatMap((side) => t.shared(side)?.key ?? []);
}

/** `queue || (queue = [])` */
function keptIn(t: Tracer, left: AnyNode): string[] {
  const place = t.shared(left);
  return place === undefined || place.partial ? [] : [place.key];
}

const isConstant = (node: AnyNode): boolean =>
  node.type === "Literal" || isFalsy(node) || node.type === "UnaryExpression";

function isEnumeration({ callee }: CallExpression): boolean {
  if (callee.type !== "MemberExpression" || callee.object.type !== "Identifier") return false;
  return callee.object.name === "Object" && /^(?:keys|values|entries)$/.test(propertyName(callee) ?? "");
}

const TABLE: Visitors = {
  FunctionDeclaration: ignore,
  FunctionExpression: ignore,
  ArrowFunctionExpression: ignore,
  ClassDeclaration: ignore,
  ClassExpression: ignore,
  Identifier(t, node, use) {
    if (use === "value") t.read(node);
  },
  MemberExpression(t, node, use) {
    if (node.computed) t.visit(node.property as AnyNode);
    const object = bare(node.object);
    // `Object.keys(data).length` looks at no more than the number.
    if (t.isLength(node) && object.type === "CallExpression" && isEnumeration(object)) return;
    if (object.type !== "Identifier") t.visit(object, "none");
    if (use === "value") t.read(node);
    const place = node.computed && use !== "none" ? t.shared(object) : undefined;
    if (place?.partial === false && t.source.holdsLists(place.key)) t.pick(place.key);
  },
  ChainExpression(t, node, use) {
    t.visit(node.expression, use);
  },
  ExpressionStatement(t, node) {
    t.visit(node.expression, "none");
  },
  UnaryExpression(t, node) {
    t.visit(node.argument, "test");
    if (node.operator === "delete") effect(t, node);
  },
  UpdateExpression(t, node) {
    t.visit(node.argument, "none");
  },
  BinaryExpression(t, node, use) {
    const operand = node.operator === "+" && use === "value" ? "value" : "test";
    t.visit(node.left as AnyNode, operand);
    t.visit(node.right, operand);
  },
  SequenceExpression(t, node, use) {
    node.expressions.forEach((expression, index) => {
      t.visit(expression, index === node.expressions.length - 1 ? use : "none");
    });
  },
  LogicalExpression(t, node, use) {
    const exits = use === "none" ? [] : exitsOf(t, node, undefined, undefined);
    t.visit(node.left, node.operator === "&&" || use !== "value" ? "test" : "value");
    for (const { doing, at } of exits) t.emit(doing, at);
    const start = t.cursor;
    const { compared } = t;
    const lacked = node.operator === "&&" ? lackedIn(t, node.left) : keptIn(t, node.left);
    t.compared = [...compared, ...comparedIn(t, node.left), ...lacked];
    t.visit(node.right, use);
    t.compared = compared;
    t.cursor = [...new Set([...start, ...t.cursor])];
  },
  ConditionalExpression(t, node, use) {
    t.visit(node.test, "test");
    const start = t.cursor;
    const { compared } = t;
    t.compared = [...compared, ...comparedIn(t, node.test)];
    const a = arm(t, () => t.visit(node.consequent, use), start);
    const b = arm(t, () => t.visit(node.alternate, use), start);
    t.compared = compared;
    const chain = [...(t.chains.get(bare(node.consequent)) ?? []), ...(t.chains.get(bare(node.alternate)) ?? [])];
    if (chain.length > 0) t.chains.set(node, chain);
    t.cursor = [...new Set([...a, ...b])];
  },
  AssignmentExpression(t, node) {
    const since = t.steps.length;
    const left = bare(node.left);
    const fact = t.source.facts.get(node);
    const right = bare(node.right);
    const ownCall =
      fact?.kind === "remake" &&
      right.type === "CallExpression" &&
      right.callee.type === "MemberExpression" &&
      sameText(right.callee.object, left);
    if (ownCall && right.type === "CallExpression") for (const argument of right.arguments) t.visit(argument);
    else t.visit(node.right, node.operator === "=" ? "value" : "test");
    if (left.type === "MemberExpression") t.visit(left, "none");
    if (node.operator === "=" && left.type === "Identifier") t.hold(left, since, right);
    // `request.onload = () => …`
    const handler = left.type === "MemberExpression" && /^on[a-z]/.test(propertyName(left) ?? "") ? right : undefined;
    if (handler !== undefined && isFunction(handler)) t.later(handler, node);
    effect(t, node);
  },
  VariableDeclarator(t, node) {
    if (!node.init) return;
    const since = t.steps.length;
    t.visit(node.init);
    if (node.id.type === "ObjectPattern") {
      for (const entry of node.id.properties) {
        if (entry.type !== "Property" || entry.value.type !== "Identifier") continue;
        t.read(entry.value);
        t.hold(entry.value, since);
      }
    } else t.hold(node.id, since, node.init);
  },
  AwaitExpression(t, node) {
    waitFor(t, node.argument, node);
  },
  YieldExpression(t, node) {
    if (t.frame.async) waitFor(t, node.argument, node);
    else t.visit(node.argument);
  },
  CallExpression: visitCall,
  NewExpression: visitCall,
  IfStatement(t, node) {
    const exits = exitsOf(t, node.test, node.consequent, node.alternate ?? undefined, node);
    t.visit(node.test, "test");
    for (const { doing, at } of exits) t.emit(doing, at);
    const start = t.cursor;
    const { compared } = t;
    t.compared = [...compared, ...comparedIn(t, node.test), ...lackedIn(t, node.test)];
    const a = arm(t, () => t.visit(node.consequent), start);
    t.compared = [...compared, ...comparedIn(t, node.test)];
    const b = node.alternate ? arm(t, () => t.visit(node.alternate), start) : start;
    t.compared = compared;
    t.cursor = [...new Set([...a, ...b])];
  },
  ReturnStatement(t, node) {
    if (downlevelWait(t, node)) return;
    const { argument } = node;
    if (argument) {
      const value = bare(argument);
      const { awaited } = t;
      t.awaited = true;
      if (value.type === "ConditionalExpression")
        for (const { doing, at } of exitsOf(t, value.test, value.consequent, value.alternate)) t.emit(doing, at);
      t.visit(argument);
      t.awaited = awaited;
      join(t, value);
      t.frame.settled.push(...(t.chains.get(value) ?? []));
      if (t.frames.length === 1 && !quietValue(t, value) && !isFunction(value)) t.emit({ kind: "hand over" }, node);
    }
    t.frame.returns.push(...t.cursor);
    t.cursor = [];
  },
  ThrowStatement(t, node) {
    t.visit(node.argument);
    t.cursor = [];
  },
  BreakStatement(t) {
    t.breaks.at(-1)?.push(...t.cursor);
    t.cursor = [];
  },
  ContinueStatement(t) {
    t.breaks.at(-1)?.push(...t.cursor);
    t.cursor = [];
  },
  WhileStatement(t, node) {
    t.visit(node.test, "test");
    const lists = conditions(t, node.test).flatMap(({ kind, key }) => (kind === "full" ? [key] : []));
    for (const key of lists) t.shortened.delete(key);
    loop(t, () => {
      t.visit(node.body);
      // Item by item it is taken out as a whole.
      for (const key of lists) {
        if (!t.shortened.has(key)) continue;
        t.emit({ kind: "read", key }, node.test);
        t.emit({ kind: "take", key }, node.test);
      }
    });
    join(t, node.test);
  },
  DoWhileStatement(t, node) {
    loop(t, () => {
      t.visit(node.body);
      t.visit(node.test, "test");
    });
    join(t, node.test);
  },
  ForStatement(t, node) {
    t.visit(node.init);
    t.visit(node.test, "test");
    const list = node.test ? indexed(node.test) : undefined;
    if (list !== undefined) {
      t.read(list);
      iterate(t, list, node);
    }
    loop(t, () => {
      t.visit(node.body);
      t.visit(node.update, "none");
    });
  },
  ForInStatement(t, node) {
    // A loop that deletes each key is no use of what they hold.
    if (t.source.facts.get(node)?.kind !== "reset") t.visit(node.right);
    loop(t, () => t.visit(node.body));
    effect(t, node);
  },
  ForOfStatement(t, node) {
    t.visit(node.right, isTold(node) ? "none" : "value");
    const key = iterate(t, node.right, node);
    const item = node.left.type === "VariableDeclaration" ? node.left.declarations[0]?.id : node.left;
    if (key !== undefined && item) t.holdItem(item, key, t.scope);
    loop(t, () => {
      if (node.await) t.wait(node);
      t.visit(node.body);
    });
    effect(t, node);
  },
  SwitchStatement: visitSwitch,
  TryStatement(t, node) {
    const since = t.steps.length;
    const returned = t.frame.returns.length;
    const start = t.cursor;
    t.visit(node.block);
    let ends = t.cursor;
    let thrown = [
      ...start,
      ...t.steps.slice(since).filter((step) => step.kind === "wait" && step.line === t.line),
      ...ends,
    ];
    if (node.handler) {
      t.cursor = [...new Set(thrown)];
      t.visit(node.handler);
      ends = [...ends, ...t.cursor];
      thrown = [];
    }
    t.cursor = [...new Set(ends)];
    if (node.finalizer) {
      t.cursor = [...new Set([...ends, ...thrown, ...t.frame.returns.slice(returned)])];
      t.visit(node.finalizer);
      if (ends.length === 0) {
        t.frame.returns.push(...t.cursor);
        t.cursor = [];
      }
    }
  },
};

/** Whether each item of a list is only told something, and nothing waits for it or keeps what it says: it is not sent. */
function isTold({ body, left, await: awaits }: ForOfStatement): boolean {
  const item = left.type === "VariableDeclaration" ? left.declarations[0]?.id : left;
  const [only, ...more] = body.type === "BlockStatement" ? body.body : [body];
  if (awaits || more.length > 0 || item?.type !== "Identifier" || only?.type !== "ExpressionStatement") return false;
  const call = bare(only.expression);
  if (call.type !== "CallExpression" || call.callee.type !== "MemberExpression") return false;
  const receiver = bare(call.callee.object);
  return receiver.type === "Identifier" && receiver.name === item.name;
}

/** Goes through what is at a place, or through its keys or values, if something is recorded there. */
function iterate(t: Tracer, list: AnyNode, node: AnyNode): string | undefined {
  const { callee } = list.type === "CallExpression" ? list : {};
  const live = callee?.type === "MemberExpression" && /^(?:keys|values|entries)$/.test(propertyName(callee) ?? "");
  const place = t.shared(live ? (callee.object as AnyNode) : list);
  if (place === undefined || place.partial || !t.source.recordings.has(place.key)) return undefined;
  t.emit({ kind: "iterate", key: place.key }, node);
  return place.key;
}

export const VISITORS = TABLE as Readonly<Record<string, Visitor | undefined>>;
