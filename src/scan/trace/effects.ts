import type { AnyNode } from "acorn";
import { sameText } from "../source/derived.js";
import { bare, type Fresh, freshKind, isFalsy, isFunction, propertyName } from "../source/syntax.js";
import type { Tracer, Use } from "./tracer.js";

/** Waits for a promise, or for what another call has put where it can be waited for. */
export function waitFor(tracer: Tracer, argument: AnyNode | null | undefined, node: AnyNode): void {
  if (argument) {
    const { awaited } = tracer;
    tracer.awaited = true;
    tracer.visit(argument);
    tracer.awaited = awaited;
    join(tracer, argument);
  }
  tracer.wait(node, argument ? tracer.chains.get(bare(argument)) : []);
}

/** Notes that the promise at a shared place is waited for. */
export function join(tracer: Tracer, argument: AnyNode): void {
  const value = bare(argument);
  if (tracer.isLength(value)) return;
  const kept = allOf(tracer, value);
  if (kept !== undefined) tracer.emit({ kind: "join", key: kept, all: true }, value);
  const place = tracer.shared(value);
  // What is filled is a buffer.
  if (place === undefined || place.partial || tracer.source.recordings.has(place.key)) return;
  tracer.emit({ kind: "join", key: place.key }, value);
}

/** The place of the promises that `Promise.all(this.pending)` and `Promise.allSettled([...this.pending])` wait for. */
function allOf(tracer: Tracer, call: AnyNode): string | undefined {
  if (call.type !== "CallExpression" || !/^all(?:Settled)?$/.test(propertyName(bare(call.callee)) ?? ""))
    return undefined;
  let list = call.arguments[0] && bare(call.arguments[0] as AnyNode);
  if (list?.type === "ArrayExpression" && list.elements[0]?.type === "SpreadElement")
    list = bare(list.elements[0].argument);
  // `Array.from(this.pending)`, `this.pending.values()`
  if (list?.type === "CallExpression")
    list = list.arguments[0]
      ? bare(list.arguments[0] as AnyNode)
      : list.callee.type === "MemberExpression"
        ? bare(list.callee.object as AnyNode)
        : undefined;
  const place = list && tracer.shared(list);
  return place !== undefined && !place.partial && tracer.source.recordings.has(place.key) ? place.key : undefined;
}

function emptied(tracer: Tracer, key: string, node: AnyNode, fresh: Fresh): void {
  if (fresh === "nothing" || fresh === "number" || fresh === "string") tracer.emit({ kind: "clear", key }, node);
  if (!tracer.compared.includes(key)) tracer.emit({ kind: "reset", key, fresh }, node);
  tracer.replaced(key);
}

const wasEmptied = ({ steps }: Tracer, key: string): boolean =>
  steps.some((step) => (step.kind === "reset" || step.kind === "take") && step.key === key);

/** Whether a place gets what a function has left of it, or found not sent: `this.queue = rest.flat()`, `this.queue = failed`. */
function isRemainder(tracer: Tracer, value: AnyNode, key: string): boolean {
  if (!tracer.source.recordings.has(key)) return false;
  const variable = tracer.variableOf(calledOn(value));
  if (variable === undefined || variable.scope.fn !== tracer.frame.fn) return false;
  if (tracer.parts.has(variable)) return tracer.heldBy(calledOn(value)).includes(key);
  return variable.init !== undefined && value.type === "Identifier" && freshKind(variable.init) === "array";
}

/** What a method is called on, or the value itself. */
function calledOn(value: AnyNode): AnyNode {
  const node = bare(value);
  return node.type === "CallExpression" &&
    node.callee.type === "MemberExpression" &&
    node.callee.object.type !== "Super"
    ? calledOn(node.callee.object)
    : node;
}

/** What an assignment, a deletion or a call does to a shared place. */
export function effect(tracer: Tracer, node: AnyNode, use: Use = "none"): void {
  const fact = tracer.source.facts.get(node);
  if (fact === undefined || fact.kind === "record") return;
  const place = tracer.shared(fact.place);
  if (place === undefined || place.partial) return;
  const { key } = place;
  switch (fact.kind) {
    case "reset":
      if (node.type === "CallExpression") {
        if (!tracer.compared.includes(key)) tracer.emit({ kind: "reset", key, fresh: fact.fresh }, node);
      } else emptied(tracer, key, node, fact.fresh);
      break;
    case "remake": {
      const callee = bare(fact.call.callee);
      const itself = callee.type === "MemberExpression" && sameText(callee.object, fact.place);
      const maker = tracer.source.functionAt(callee, tracer.scope);
      if (itself) emptied(tracer, key, node, "custom");
      else if (maker !== undefined && makesFresh(maker.node)) emptied(tracer, key, node, "custom");
      else if (isRemainder(tracer, fact.call, key)) emptied(tracer, key, node, "array");
      else tracer.emit({ kind: "set", key }, node);
      break;
    }
    case "assign":
      if (isFalsy(fact.value)) tracer.emit({ kind: "clear", key }, node);
      else if (tracer.heldBy(fact.value).includes(key) && fact.value.type === "Identifier" && wasEmptied(tracer, key)) {
        tracer.emit({ kind: "put back", key }, node);
        tracer.replaced(key);
      } else if (isRemainder(tracer, fact.value, key)) emptied(tracer, key, node, "array");
      else tracer.emit({ kind: "set", key }, node);
      break;
    case "cut":
      tracer.emit({ kind: "take", key }, node);
      break;
    case "remove":
      // What a splice leaves out is used, or was read item by item before.
      if (use === "value" || isSplice(node)) tracer.emit({ kind: "take", key }, node);
      break;
    case "drop":
      if (tracer.picked.has(key)) tracer.emit({ kind: "reset", key, fresh: "array" }, node);
      break;
    default:
  }
}

/** `queue.splice(0, count)` */
const isSplice = (node: AnyNode): boolean => {
  if (node.type !== "CallExpression" || propertyName(node.callee) !== "splice") return false;
  const [start] = node.arguments;
  return start?.type === "Literal" && start.value === 0;
};

/** `createBucket() { return { toggles: {} }; }` */
function makesFresh(fn: AnyNode): boolean {
  if (!isFunction(fn)) return false;
  if (fn.body.type !== "BlockStatement") return freshKind(fn.body) !== undefined;
  const last = fn.body.body.at(-1);
  return last?.type === "ReturnStatement" && !!last.argument && freshKind(last.argument) !== undefined;
}
