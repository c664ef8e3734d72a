import type { AnyNode, CallExpression, NewExpression } from "acorn";
import type { FunctionNode } from "../source/model.js";
import { readsPrivate, writesPrivate } from "../source/private-fields.js";
import { nameOf } from "../source/surveyor.js";
import { bare, CHAINS, isFalsy, isFunction, propertyName } from "../source/syntax.js";
import { callsOut } from "./call-out.js";
import { callbackOf } from "./callbacks.js";
import { effect, join } from "./effects.js";
import type { Tracer, Use } from "./tracer.js";

/** Methods that call their argument before they return. */
const AT_ONCE = new Set(
  "forEach map filter reduce reduceRight some every find findIndex findLast findLastIndex flatMap sort toSorted replace replaceAll from call apply groupBy".split(
    " ",
  ),
);

/** Methods that look at a collection without taking its content. */
const LOOKS = new Set(
  "get has includes indexOf lastIndexOf at peek hasOwnProperty isEmpty size length count".split(" "),
);

/** Methods that fill or change it. */
const CHANGES = new Set("push unshift add set delete clear pop shift fill copyWithin append write".split(" "));

/** Those of them that put their argument into it. */
const FILLS = new Set(["push", "unshift", "add"]);

/** Methods that keep their argument for events to come: it is not what follows this call. */
const SUBSCRIBES = new Set(
  "setInterval on addListener prependListener addEventListener subscribe watch observe use route command option describe it test before after beforeEach afterEach defineProperty".split(
    " ",
  ),
);

/** `app.get("/path", handler)`: the handler is not what follows. A request is. */
function isRoute(name: string, [path]: CallExpression["arguments"]): boolean {
  if (!/^(?:get|post|put|patch|all)$/.test(name)) return false;
  return path?.type === "Literal" && typeof path.value === "string" && /^[/*]/.test(path.value);
}

/** Events that are no end of a send. */
const isFailure = (event: AnyNode | undefined): boolean =>
  event?.type === "Literal" && (event.value === "error" || event.value === "timeout");

function visitArguments(t: Tracer, args: readonly AnyNode[]): FunctionNode[] {
  const callbacks: FunctionNode[] = [];
  for (const argument of args) {
    const fn = callbackOf(t, argument);
    if (fn === undefined) t.visit(argument.type === "SpreadElement" ? argument.argument : argument);
    else callbacks.push(fn);
  }
  return callbacks;
}

/** A generator that is given to a helper which runs it as an async function. */
function asyncBody(node: CallExpression | NewExpression): FunctionNode | undefined {
  const given = [...node.arguments, ...(node.callee.type === "CallExpression" ? node.callee.arguments : [])];
  for (const argument of given) {
    if (argument.type === "FunctionExpression" && argument.generator) return argument;
  }
  return undefined;
}

/** The body of `__awaiter(this, …, function () { return __generator(this, function (_a) { … }); })`. */
function steppedBody(node: CallExpression | NewExpression): FunctionNode | undefined {
  const [receiver] = node.arguments;
  const last = node.arguments.at(-1);
  if (last?.type !== "FunctionExpression" || (receiver?.type !== "ThisExpression" && receiver?.type !== "Identifier")) {
    return undefined;
  }
  if (node.arguments.length >= 4)
    return last.params.length === 0 && isFalsy(node.arguments[1] as AnyNode) ? last : undefined;
  return receiver.type === "ThisExpression" && node.arguments.length === 2 && last.params.length === 1
    ? last
    : undefined;
}

function chain(t: Tracer, node: CallExpression, object: AnyNode): void {
  const { awaited } = t;
  t.awaited = true;
  t.visit(object);
  t.awaited = awaited;
  join(t, object);
  let settled: AnyStep[] = [...t.cursor, ...(t.chains.get(bare(object)) ?? [])];
  const callbacks = visitArguments(t, node.arguments);
  for (const fn of callbacks) settled = [...settled, ...t.later(fn, node, settled)];
  if (callbacks.length === 0) {
    const { cursor } = t;
    t.cursor = settled;
    settled = [t.emit({ kind: "wait" }, node)];
    t.cursor = cursor;
  }
  t.chains.set(node, [...new Set(settled)]);
}

type AnyStep = Tracer["steps"][number];

/** `queue.method(…)`: returns whether that is all there is to the call. */
function onCollection(t: Tracer, node: CallExpression, object: AnyNode, name: string, use: Use): boolean {
  const place = t.shared(object);
  if (place === undefined || place.partial || !t.source.recordings.has(place.key)) return false;
  // A class of this file says itself what its methods do.
  if (t.source.functionAt(node.callee, t.scope) !== undefined) return false;
  if (AT_ONCE.has(name) || (!LOOKS.has(name) && !CHANGES.has(name) && use !== "none")) t.read(object);
  if (name === "get" && t.source.holdsLists(place.key)) t.pick(place.key);
  if (name === "forEach") t.emit({ kind: "iterate", key: place.key }, node);
  const callbacks = visitArguments(t, node.arguments);
  for (const fn of callbacks) {
    if (AT_ONCE.has(name)) {
      const [item] = fn.params;
      const scope = t.source.survey.fns.get(fn)?.scope;
      if (item && scope) t.holdItem(item, place.key, scope);
      inline(t, fn, node);
    } else t.later(fn, node);
  }
  // One item at a time is no batch, until there is none left.
  if (name === "shift" || name === "pop") t.shorten(place.key);
  effect(t, node, name === "splice" ? use : "none");
  return true;
}

/** Walks a callback that runs before the call returns. */
function inline(t: Tracer, fn: FunctionNode, at: AnyNode): void {
  const start = t.cursor;
  t.walkBody(fn, { detached: true, at });
  t.cursor = [...new Set([...start, ...t.cursor])];
}

/** `clearInterval(this.timer)` */
function stop(t: Tracer, node: CallExpression): void {
  const [timer] = node.arguments;
  const place = timer && t.shared(timer as AnyNode);
  if (place !== undefined && !place.partial) t.emit({ kind: "stop", key: place.key }, node);
}

/** Whether whoever is called is to say to the caller when all is done: `post(items, callback)`, but not `invoke(callback, 0)`. */
function handsOnCallback(t: Tracer, { callee, arguments: args }: CallExpression): boolean {
  if (args.length < 2 || /callback|invoke|\b(?:cb|call)\b/i.test(nameOf(callee) ?? "")) return false;
  return args.some((argument) => argument.type === "Identifier" && callsOut(t, argument) === "caller");
}

/** Whether a call keeps what it is given for events to come. */
function subscribes({ arguments: given }: CallExpression, callee: AnyNode, name: string): boolean {
  return (
    SUBSCRIBES.has(name) ||
    nameOf(callee) === "setInterval" ||
    isRoute(name, given) ||
    (name === "once" && isFailure(given[0]))
  );
}

/** `new Promise((resolve) => …)`, `new Batch(done)` */
function visitNew(t: Tracer, node: NewExpression, callee: AnyNode): void {
  const callbacks = visitArguments(t, node.arguments);
  const isPromise = callee.type === "Identifier" && callee.name.endsWith("Promise");
  const settled = callbacks.flatMap((fn) => (isPromise ? t.walkBody(fn, { detached: true }) : t.later(fn, node)));
  if (settled.length > 0) t.chains.set(node, settled);
}

/** `(async () => { … })()` */
function visitCalledAtOnce(t: Tracer, node: CallExpression, callee: FunctionNode): void {
  const callbacks = visitArguments(t, node.arguments);
  const settled = t.walkBody(callee, { detached: !t.awaited });
  t.chains.set(node, settled);
  for (const fn of callbacks) t.later(fn, node);
}

/** `send.call(this, batch)` */
function callThrough(t: Tracer, node: CallExpression, callee: AnyNode): void {
  const called = t.source.functionAt(callee, t.scope);
  if (called !== undefined) t.enter(called, node);
  else if (callsOut(t, bare(callee)) === "caller") t.emit({ kind: "call out", whose: "caller", given: [] }, node);
}

/**
 * A call of what is not in this file.
 * @param since the step before its arguments
 */
function callOther(t: Tracer, node: CallExpression, callee: AnyNode, since: number): void {
  const whose = callsOut(t, callee);
  if (whose !== undefined) {
    const made = whose === "injected" ? node.arguments.flatMap((argument) => t.madeFrom(argument)) : [];
    const given = whose === "injected" ? [...t.readSince(since), ...made] : [];
    t.emit({ kind: "call out", whose, given }, node);
  } else if (handsOnCallback(t, node)) t.emit({ kind: "hand over" }, node);
}

function visitNamedCall(t: Tracer, node: CallExpression, callee: AnyNode, use: Use): void {
  const name = propertyName(callee) ?? "";
  if (callee.type === "MemberExpression") {
    const object = callee.object as AnyNode;
    if (CHAINS.has(name) && node.arguments.length > 0) {
      chain(t, node, object);
      return;
    }
    if (name !== "" && onCollection(t, node, object, name, use)) return;
    t.visit(object, "none");
    if (callee.computed) t.visit(callee.property as AnyNode);
  } else t.visit(callee, "none");
  const target = t.source.functionAt(callee, t.scope);
  if (target === undefined && subscribes(node, callee, name)) {
    visitArguments(t, node.arguments);
    return;
  }
  if (/^clear(?:Interval|Timeout)$/.test(nameOf(callee) ?? "")) stop(t, node);
  const since = t.steps.length;
  const callbacks = visitArguments(t, node.arguments);
  if (FILLS.has(name) && callee.type === "MemberExpression")
    t.add(bare(callee.object as AnyNode), since, node.arguments);
  if (target !== undefined) {
    // It is seen there what becomes of the callbacks.
    t.enter(target, node);
    return;
  }
  const given = callee.type === "Identifier" ? callbackOf(t, callee) : undefined;
  if (given !== undefined) inline(t, given, node);
  else if ((name === "call" || name === "apply") && callee.type === "MemberExpression") {
    callThrough(t, node, callee.object as AnyNode);
  } else callOther(t, node, callee, since);
  for (const fn of callbacks) {
    if (AT_ONCE.has(name)) inline(t, fn, node);
    else t.later(fn, node);
  }
  effect(t, node);
}

export function visitCall(t: Tracer, node: CallExpression | NewExpression, use: Use): void {
  const field = node.type === "CallExpression" ? (readsPrivate(node) ?? writesPrivate(node)) : undefined;
  if (field !== undefined) {
    t.visit(field, use);
    return;
  }
  const callee = bare(node.callee);
  if (t.source.facts.get(node)?.kind === "reset" && propertyName(callee) === "forEach") {
    effect(t, node);
    return;
  }
  const body = asyncBody(node) ?? steppedBody(node);
  if (body !== undefined) t.chains.set(node, t.walkBody(body, { detached: !t.awaited, async: true }));
  else if (node.type === "NewExpression") visitNew(t, node, callee);
  else if (isFunction(callee)) visitCalledAtOnce(t, node, callee);
  else visitNamedCall(t, node, callee, use);
}
