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

function visitArguments(tracer: Tracer, args: readonly AnyNode[]): FunctionNode[] {
  const callbacks: FunctionNode[] = [];
  for (const argument of args) {
    const fn = callbackOf(tracer, argument);
    if (fn === undefined) tracer.visit(argument.type === "SpreadElement" ? argument.argument : argument);
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
  if (last?.type !== "FunctionExpression" || receiver === undefined) return undefined;
  if (!/^(?:ThisExpression|Identifier)$/.test(receiver.type) && !isFalsy(receiver as AnyNode)) return undefined;
  if (node.arguments.length >= 4)
    return last.params.length === 0 && isFalsy(node.arguments[1] as AnyNode) ? last : undefined;
  return receiver.type === "ThisExpression" && node.arguments.length === 2 && last.params.length === 1
    ? last
    : undefined;
}

function chain(tracer: Tracer, node: CallExpression, object: AnyNode): void {
  const { awaited } = tracer;
  tracer.awaited = true;
  tracer.visit(object);
  tracer.awaited = awaited;
  join(tracer, object);
  let settled: AnyStep[] = [...tracer.cursor, ...(tracer.chains.get(bare(object)) ?? [])];
  const callbacks = visitArguments(tracer, node.arguments);
  for (const fn of callbacks) settled = [...settled, ...tracer.later(fn, node, settled)];
  if (callbacks.length === 0) {
    const { cursor } = tracer;
    tracer.cursor = settled;
    settled = [tracer.emit({ kind: "wait" }, node)];
    tracer.cursor = cursor;
  }
  tracer.chains.set(node, [...new Set(settled)]);
}

type AnyStep = Tracer["steps"][number];

/** `queue.method(…)`: returns whether that is all there is to the call. */
function onCollection(tracer: Tracer, node: CallExpression, object: AnyNode, name: string, use: Use): boolean {
  const place = tracer.shared(object);
  if (place === undefined || place.partial || !tracer.source.recordings.has(place.key)) return false;
  // A class of this file says itself what its methods do.
  if (tracer.source.functionAt(node.callee, tracer.scope) !== undefined) return false;
  if (AT_ONCE.has(name) || (!LOOKS.has(name) && !CHANGES.has(name) && use !== "none")) tracer.read(object);
  if (name === "get" && tracer.source.holdsLists(place.key)) tracer.pick(place.key);
  if (name === "forEach") tracer.emit({ kind: "iterate", key: place.key }, node);
  const callbacks = visitArguments(tracer, node.arguments);
  for (const fn of callbacks) {
    if (AT_ONCE.has(name)) {
      const [item] = fn.params;
      const scope = tracer.source.survey.fns.get(fn)?.scope;
      if (item && scope) tracer.holdItem(item, place.key, scope);
      inline(tracer, fn, node);
    } else tracer.later(fn, node);
  }
  // One item at a time is no batch, until there is none left.
  if (name === "shift" || name === "pop") tracer.shorten(place.key, node);
  effect(tracer, node, name === "splice" ? use : "none");
  return true;
}

/** Walks a callback that runs before the call returns. */
function inline(tracer: Tracer, fn: FunctionNode, at: AnyNode): void {
  const start = tracer.cursor;
  tracer.walkBody(fn, { detached: true, at });
  tracer.cursor = [...new Set([...start, ...tracer.cursor])];
}

/** `clearInterval(this.timer)` */
function stop(tracer: Tracer, node: CallExpression): void {
  const [timer] = node.arguments;
  const place = timer && tracer.shared(timer as AnyNode);
  if (place !== undefined && !place.partial) tracer.emit({ kind: "stop", key: place.key }, node);
}

/** Whether whoever is called is to say to the caller when all is done: `post(items, callback)`, but not `invoke(callback, 0)`. */
function handsOnCallback(tracer: Tracer, { callee, arguments: args }: CallExpression): boolean {
  if (args.length < 2 || /callback|invoke|\b(?:cb|call)\b/i.test(nameOf(callee) ?? "")) return false;
  return args.some((argument) => argument.type === "Identifier" && callsOut(tracer, argument) === "caller");
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
function visitNew(tracer: Tracer, node: NewExpression, callee: AnyNode): void {
  const callbacks = visitArguments(tracer, node.arguments);
  const isPromise = callee.type === "Identifier" && callee.name.endsWith("Promise");
  const settled = callbacks.flatMap((fn) =>
    isPromise ? tracer.walkBody(fn, { detached: true }) : tracer.later(fn, node),
  );
  if (settled.length > 0) tracer.chains.set(node, settled);
}

/** `(async () => { … })()` */
function visitCalledAtOnce(tracer: Tracer, node: CallExpression, callee: FunctionNode): void {
  const callbacks = visitArguments(tracer, node.arguments);
  const settled = tracer.walkBody(callee, { detached: !tracer.awaited });
  tracer.chains.set(node, settled);
  for (const fn of callbacks) tracer.later(fn, node);
}

/** `send.call(this, batch)` */
function callThrough(tracer: Tracer, node: CallExpression, callee: AnyNode): void {
  const called = tracer.source.functionAt(callee, tracer.scope);
  if (called !== undefined) tracer.enter(called, node);
  else if (callsOut(tracer, bare(callee)) === "caller")
    tracer.emit({ kind: "call out", whose: "caller", given: [] }, node);
}

/**
 * A call of what is not in this file.
 * @param since the step before its arguments
 */
function callOther(tracer: Tracer, node: CallExpression, callee: AnyNode, since: number): void {
  const whose = callsOut(tracer, callee);
  if (whose !== undefined) {
    const made = whose === "injected" ? node.arguments.flatMap((argument) => tracer.madeFrom(argument)) : [];
    const given = whose === "injected" ? [...tracer.readSince(since), ...made] : [];
    tracer.emit({ kind: "call out", whose, given }, node);
  } else if (handsOnCallback(tracer, node)) tracer.emit({ kind: "hand over" }, node);
}

function visitNamedCall(tracer: Tracer, node: CallExpression, callee: AnyNode, use: Use): void {
  const name = propertyName(callee) ?? "";
  if (callee.type === "MemberExpression") {
    const object = callee.object as AnyNode;
    if (CHAINS.has(name) && node.arguments.length > 0) {
      chain(tracer, node, object);
      return;
    }
    if (name !== "" && onCollection(tracer, node, object, name, use)) return;
    tracer.visit(object, "none");
    if (callee.computed) tracer.visit(callee.property as AnyNode);
  } else tracer.visit(callee, "none");
  const target = tracer.source.functionAt(callee, tracer.scope);
  if (target === undefined && subscribes(node, callee, name)) {
    visitArguments(tracer, node.arguments);
    return;
  }
  if (/^clear(?:Interval|Timeout)$/.test(nameOf(callee) ?? "")) stop(tracer, node);
  const since = tracer.steps.length;
  const callbacks = visitArguments(tracer, node.arguments);
  if (FILLS.has(name) && callee.type === "MemberExpression")
    tracer.add(bare(callee.object as AnyNode), since, node.arguments);
  if (target !== undefined) {
    // It is seen there what becomes of the callbacks.
    tracer.enter(target, node);
    return;
  }
  const given = callee.type === "Identifier" ? callbackOf(tracer, callee) : undefined;
  if (given !== undefined) inline(tracer, given, node);
  else if ((name === "call" || name === "apply") && callee.type === "MemberExpression") {
    callThrough(tracer, node, callee.object as AnyNode);
  } else callOther(tracer, node, callee, since);
  for (const fn of callbacks) {
    if (AT_ONCE.has(name)) inline(tracer, fn, node);
    else tracer.later(fn, node);
  }
  effect(tracer, node);
}

export function visitCall(tracer: Tracer, node: CallExpression | NewExpression, use: Use): void {
  const field = node.type === "CallExpression" ? (readsPrivate(node) ?? writesPrivate(node)) : undefined;
  if (field !== undefined) {
    tracer.visit(field, use);
    return;
  }
  const callee = bare(node.callee);
  if (tracer.source.facts.get(node)?.kind === "reset" && propertyName(callee) === "forEach") {
    effect(tracer, node);
    return;
  }
  const body = asyncBody(node) ?? steppedBody(node);
  if (body !== undefined) tracer.chains.set(node, tracer.walkBody(body, { detached: !tracer.awaited, async: true }));
  else if (node.type === "NewExpression") visitNew(tracer, node, callee);
  else if (isFunction(callee)) visitCalledAtOnce(tracer, node, callee);
  else visitNamedCall(tracer, node, callee, use);
}
