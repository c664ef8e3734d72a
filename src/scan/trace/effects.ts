import type { AnyNode } from "acorn";
import { sameText } from "../source/derived.js";
import { bare, type Fresh, freshKind, isFalsy, isFunction, propertyName } from "../source/syntax.js";
import type { Tracer, Use } from "./tracer.js";

/** Waits for a promise, or for what another call has put where it can be waited for. */
export function waitFor(t: Tracer, argument: AnyNode | null | undefined, node: AnyNode): void {
  if (argument) {
    const { awaited } = t;
    t.awaited = true;
    t.visit(argument);
    t.awaited = awaited;
    join(t, argument);
  }
  t.wait(node, argument ? t.chains.get(bare(argument)) : []);
}

/** Notes that the promise at a shared place is waited for. */
export function join(t: Tracer, argument: AnyNode): void {
  const value = bare(argument);
  const place = t.shared(value);
  // What is filled is a buffer.
  if (place === undefined || place.partial || t.source.recordings.has(place.key)) return;
  t.emit({ kind: "join", key: place.key }, value);
}

function emptied(t: Tracer, key: string, node: AnyNode, fresh: Fresh): void {
  if (fresh === "nothing" || fresh === "number" || fresh === "string") t.emit({ kind: "clear", key }, node);
  if (!t.compared.includes(key)) t.emit({ kind: "reset", key, fresh }, node);
  t.replaced(key);
}

/** What an assignment, a deletion or a call does to a shared place. */
export function effect(t: Tracer, node: AnyNode, use: Use = "none"): void {
  const fact = t.source.facts.get(node);
  if (fact === undefined || fact.kind === "record") return;
  const place = t.shared(fact.place);
  if (place === undefined || place.partial) return;
  const { key } = place;
  switch (fact.kind) {
    case "reset":
      if (node.type === "CallExpression") {
        if (!t.compared.includes(key)) t.emit({ kind: "reset", key, fresh: fact.fresh }, node);
      } else emptied(t, key, node, fact.fresh);
      break;
    case "remake": {
      const callee = bare(fact.call.callee);
      const itself = callee.type === "MemberExpression" && sameText(callee.object, fact.place);
      const maker = t.source.functionAt(callee, t.scope);
      if (itself) emptied(t, key, node, "custom");
      else if (maker !== undefined && makesFresh(maker.node)) emptied(t, key, node, "custom");
      else t.emit({ kind: "set", key }, node);
      break;
    }
    case "assign":
      if (isFalsy(fact.value)) t.emit({ kind: "clear", key }, node);
      else if (t.heldBy(fact.value).includes(key) && fact.value.type === "Identifier") {
        t.emit({ kind: "put back", key }, node);
        t.replaced(key);
      } else t.emit({ kind: "set", key }, node);
      break;
    case "cut":
      t.emit({ kind: "take", key }, node);
      break;
    case "remove":
      // What a splice leaves out is used, or was read item by item before.
      if (use === "value" || isSplice(node)) t.emit({ kind: "take", key }, node);
      break;
    case "drop":
      if (t.picked.has(key)) t.emit({ kind: "reset", key, fresh: "array" }, node);
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
