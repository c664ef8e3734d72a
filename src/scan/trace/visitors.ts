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

type Visitor = (tracer: Tracer, node: AnyNode, use: Use) => void;
type Visitors = {
  [type in AnyNode["type"]]?: (tracer: Tracer, node: Extract<AnyNode, { type: type }>, use: Use) => void;
};

function ignore(): void {}

function loop(tracer: Tracer, walk: () => void): void {
  const start = tracer.cursor;
  tracer.breaks.push([]);
  walk();
  const broken = tracer.breaks.pop() as Step[];
  tracer.cursor = [...new Set([...start, ...tracer.cursor, ...broken])];
}

function arm(tracer: Tracer, walk: () => void, start: readonly Step[]): Step[] {
  tracer.cursor = [...start];
  walk();
  return tracer.cursor;
}

/** Keys of the places that a test compares: `batch === this.batch`, `queue.length > sent`. */
function comparedIn(tracer: Tracer, test: AnyNode): string[] {
  const node = bare(test);
  if (node.type === "LogicalExpression") return [...comparedIn(tracer, node.left), ...comparedIn(tracer, node.right)];
  if (node.type !== "BinaryExpression" || node.left.type === "PrivateIdentifier") return [];
  if (isConstant(node.left) || isConstant(node.right)) return [];
  const lengths = [node.left, node.right].flatMap((side) => {
    const length = bare(side);
    return length.type === "MemberExpression" && tracer.isLength(length) ? [length.object as AnyNode] : [];
  });
  if (lengths.length > 0) return lengths.flatMap((list) => tracer.shared(list)?.key ?? []);
  if (!/^===?$/.test(node.operator)) return [];
  return [node.left, node.right].flatMap((side) => tracer.shared(side)?.key ?? []);
}

/** `queue || (queue = [])` */
function keptIn(tracer: Tracer, left: AnyNode): string[] {
  const place = tracer.shared(left);
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
  Identifier(tracer, node, use) {
    if (use === "value") tracer.read(node);
  },
  MemberExpression(tracer, node, use) {
    if (node.computed) tracer.visit(node.property as AnyNode);
    const object = bare(node.object);
    // `Object.keys(data).length` looks at no more than the number.
    if (tracer.isLength(node) && object.type === "CallExpression" && isEnumeration(object)) return;
    if (object.type !== "Identifier") tracer.visit(object, "none");
    if (use === "value") tracer.read(node);
    const place = node.computed && use !== "none" ? tracer.shared(object) : undefined;
    if (place?.partial === false && tracer.source.holdsLists(place.key)) tracer.pick(place.key);
  },
  ChainExpression(tracer, node, use) {
    tracer.visit(node.expression, use);
  },
  ExpressionStatement(tracer, node) {
    tracer.visit(node.expression, "none");
  },
  UnaryExpression(tracer, node) {
    tracer.visit(node.argument, "test");
    if (node.operator === "delete") effect(tracer, node);
  },
  UpdateExpression(tracer, node) {
    tracer.visit(node.argument, "none");
  },
  BinaryExpression(tracer, node, use) {
    const operand = node.operator === "+" && use === "value" ? "value" : "test";
    tracer.visit(node.left as AnyNode, operand);
    tracer.visit(node.right, operand);
  },
  SequenceExpression(tracer, node, use) {
    node.expressions.forEach((expression, index) => {
      tracer.visit(expression, index === node.expressions.length - 1 ? use : "none");
    });
  },
  LogicalExpression(tracer, node, use) {
    const exits = use === "none" ? [] : exitsOf(tracer, node, undefined, undefined);
    tracer.visit(node.left, node.operator === "&&" || use !== "value" ? "test" : "value");
    for (const { doing, at } of exits) tracer.emit(doing, at);
    const start = tracer.cursor;
    const { compared } = tracer;
    const lacked = node.operator === "&&" ? lackedIn(tracer, node.left) : keptIn(tracer, node.left);
    tracer.compared = [...compared, ...comparedIn(tracer, node.left), ...lacked];
    tracer.visit(node.right, use);
    tracer.compared = compared;
    tracer.cursor = [...new Set([...start, ...tracer.cursor])];
  },
  ConditionalExpression(tracer, node, use) {
    tracer.visit(node.test, "test");
    const start = tracer.cursor;
    const { compared } = tracer;
    tracer.compared = [...compared, ...comparedIn(tracer, node.test)];
    const whereTrue = arm(tracer, () => tracer.visit(node.consequent, use), start);
    const whereFalse = arm(tracer, () => tracer.visit(node.alternate, use), start);
    tracer.compared = compared;
    const chain = [
      ...(tracer.chains.get(bare(node.consequent)) ?? []),
      ...(tracer.chains.get(bare(node.alternate)) ?? []),
    ];
    if (chain.length > 0) tracer.chains.set(node, chain);
    tracer.cursor = [...new Set([...whereTrue, ...whereFalse])];
  },
  AssignmentExpression(tracer, node) {
    const since = tracer.steps.length;
    const left = bare(node.left);
    const fact = tracer.source.facts.get(node);
    const right = bare(node.right);
    const ownCall =
      fact?.kind === "remake" &&
      right.type === "CallExpression" &&
      right.callee.type === "MemberExpression" &&
      sameText(right.callee.object, left);
    if (ownCall && right.type === "CallExpression") for (const argument of right.arguments) tracer.visit(argument);
    else tracer.visit(node.right, node.operator === "=" ? "value" : "test");
    if (left.type === "MemberExpression") tracer.visit(left, "none");
    if (node.operator === "=" && left.type === "Identifier") tracer.hold(left, since, right);
    // `request.onload = () => …`
    const handler = left.type === "MemberExpression" && /^on[a-z]/.test(propertyName(left) ?? "") ? right : undefined;
    if (handler !== undefined && isFunction(handler)) tracer.later(handler, node);
    effect(tracer, node);
  },
  VariableDeclarator(tracer, node) {
    if (!node.init) return;
    const since = tracer.steps.length;
    tracer.visit(node.init);
    if (node.id.type === "ObjectPattern") {
      for (const entry of node.id.properties) {
        if (entry.type !== "Property" || entry.value.type !== "Identifier") continue;
        tracer.read(entry.value);
        tracer.hold(entry.value, since);
      }
    } else if (node.id.type === "ArrayPattern") {
      // `const [batch, ...rest] = chunk(this.queue, size)`
      for (const element of node.id.elements) {
        const part = element?.type === "RestElement" ? element.argument : element;
        if (part) tracer.holdPart(part, since);
      }
    } else tracer.hold(node.id, since, node.init);
  },
  AwaitExpression(tracer, node) {
    waitFor(tracer, node.argument, node);
  },
  YieldExpression(tracer, node) {
    if (tracer.frame.async) waitFor(tracer, node.argument, node);
    else tracer.visit(node.argument);
  },
  CallExpression: visitCall,
  NewExpression: visitCall,
  IfStatement(tracer, node) {
    const exits = exitsOf(tracer, node.test, node.consequent, node.alternate ?? undefined, node);
    tracer.visit(node.test, "test");
    for (const { doing, at } of exits) tracer.emit(doing, at);
    const start = tracer.cursor;
    const { compared } = tracer;
    tracer.compared = [...compared, ...comparedIn(tracer, node.test), ...lackedIn(tracer, node.test)];
    const whereTrue = arm(tracer, () => tracer.visit(node.consequent), start);
    tracer.compared = [...compared, ...comparedIn(tracer, node.test)];
    const whereFalse = node.alternate ? arm(tracer, () => tracer.visit(node.alternate), start) : start;
    tracer.compared = compared;
    tracer.cursor = [...new Set([...whereTrue, ...whereFalse])];
  },
  ReturnStatement(tracer, node) {
    if (downlevelWait(tracer, node)) return;
    const { argument } = node;
    if (argument) {
      const value = bare(argument);
      const { awaited } = tracer;
      tracer.awaited = true;
      if (value.type === "ConditionalExpression")
        for (const { doing, at } of exitsOf(tracer, value.test, value.consequent, value.alternate))
          tracer.emit(doing, at);
      tracer.visit(argument);
      tracer.awaited = awaited;
      join(tracer, value);
      tracer.frame.settled.push(...(tracer.chains.get(value) ?? []));
      if (tracer.frames.length === 1 && !quietValue(tracer, value) && !isFunction(value))
        tracer.emit({ kind: "hand over" }, node);
    }
    tracer.frame.returns.push(...tracer.cursor);
    tracer.cursor = [];
  },
  ThrowStatement(tracer, node) {
    tracer.visit(node.argument);
    tracer.cursor = [];
  },
  BreakStatement(tracer) {
    tracer.breaks.at(-1)?.push(...tracer.cursor);
    tracer.cursor = [];
  },
  ContinueStatement(tracer) {
    tracer.breaks.at(-1)?.push(...tracer.cursor);
    tracer.cursor = [];
  },
  WhileStatement: (tracer, node) => goOn(tracer, node, node.test),
  DoWhileStatement(tracer, node) {
    loop(tracer, () => {
      tracer.visit(node.body);
      tracer.visit(node.test, "test");
    });
    join(tracer, node.test);
  },
  ForStatement(tracer, node) {
    // What minifiers make of `while`.
    if (node.test && !node.init && !node.update) {
      goOn(tracer, node, node.test);
      return;
    }
    tracer.visit(node.init);
    tracer.visit(node.test, "test");
    const list = node.test ? indexed(node.test) : undefined;
    if (list !== undefined) {
      tracer.read(list);
      iterate(tracer, list, node);
    }
    loop(tracer, () => {
      tracer.visit(node.body);
      tracer.visit(node.update, "none");
    });
  },
  ForInStatement(tracer, node) {
    // A loop that deletes each key is no use of what they hold.
    if (tracer.source.facts.get(node)?.kind !== "reset") tracer.visit(node.right);
    loop(tracer, () => tracer.visit(node.body));
    effect(tracer, node);
  },
  ForOfStatement(tracer, node) {
    tracer.visit(node.right, isTold(node) ? "none" : "value");
    const key = iterate(tracer, node.right, node);
    const item = node.left.type === "VariableDeclaration" ? node.left.declarations[0]?.id : node.left;
    if (key !== undefined && item) tracer.holdItem(item, key, tracer.scope);
    loop(tracer, () => {
      if (node.await) tracer.wait(node);
      tracer.visit(node.body);
    });
    effect(tracer, node);
  },
  SwitchStatement: visitSwitch,
  TryStatement(tracer, node) {
    const since = tracer.steps.length;
    const returned = tracer.frame.returns.length;
    const start = tracer.cursor;
    tracer.visit(node.block);
    let ends = tracer.cursor;
    let thrown = [
      ...start,
      ...tracer.steps.slice(since).filter((step) => step.kind === "wait" && step.line === tracer.line),
      ...ends,
    ];
    if (node.handler) {
      tracer.cursor = [...new Set(thrown)];
      tracer.visit(node.handler);
      ends = [...ends, ...tracer.cursor];
      thrown = [];
    }
    tracer.cursor = [...new Set(ends)];
    if (node.finalizer) {
      tracer.cursor = [...new Set([...ends, ...thrown, ...tracer.frame.returns.slice(returned)])];
      tracer.visit(node.finalizer);
      if (ends.length === 0) {
        tracer.frame.returns.push(...tracer.cursor);
        tracer.cursor = [];
      }
    }
  },
};

/** A loop that goes on while a test holds. */
function goOn(tracer: Tracer, { body }: { body: AnyNode }, test: AnyNode): void {
  tracer.visit(test, "test");
  const lists = conditions(tracer, test).flatMap(({ kind, key }) => (kind === "full" ? [key] : []));
  const { emptying } = tracer;
  tracer.emptying = [...emptying, ...lists];
  for (const key of lists) tracer.shortened.delete(key);
  const since = tracer.steps.length;
  loop(tracer, () => {
    tracer.visit(body);
    // By a helper it is taken out as a whole all the same.
    const taken = new Set(tracer.steps.slice(since).flatMap((step) => takenIn(tracer, step)));
    for (const key of lists) {
      if (!tracer.shortened.has(key) || taken.has(key)) continue;
      tracer.emit({ kind: "read", key }, test);
      tracer.emit({ kind: "take", key }, test);
    }
  });
  tracer.emptying = emptying;
  join(tracer, test);
}

/** The key of what a step takes out in the function that is walked through. */
const takenIn = ({ frame }: Tracer, step: Step): string[] =>
  step.kind === "take" && step.fn === frame.fn ? [step.key] : [];

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
function iterate(tracer: Tracer, list: AnyNode, node: AnyNode): string | undefined {
  const { callee } = list.type === "CallExpression" ? list : {};
  const live = callee?.type === "MemberExpression" && /^(?:keys|values|entries)$/.test(propertyName(callee) ?? "");
  const place = tracer.shared(live ? (callee.object as AnyNode) : list);
  if (place === undefined || place.partial || !tracer.source.recordings.has(place.key)) return undefined;
  tracer.emit({ kind: "iterate", key: place.key }, node);
  return place.key;
}

export const VISITORS = TABLE as Readonly<Record<string, Visitor | undefined>>;
