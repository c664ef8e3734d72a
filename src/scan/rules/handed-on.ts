import type { AnyNode, CallExpression, MemberExpression } from "acorn";
import { type Fn, lookup, type Scope, type Variable } from "../source/model.js";
import { type Place, placeOf } from "../source/places.js";
import { methodOf, type Source } from "../source/source.js";
import { nameOf } from "../source/surveyor.js";
import { bare, CHAINS, contains, isFunction, propertyName } from "../source/syntax.js";
import { Tracer } from "../trace/tracer.js";
import { isAwaitedMethod } from "./awaited.js";
import { overlap } from "./rule.js";

/** The call of `send(chunk)` in `send(chunk).catch(log)`. */
export function inner(call: CallExpression): CallExpression {
  const callee = bare(call.callee);
  if (callee.type !== "MemberExpression" || !CHAINS.has(propertyName(callee) ?? "")) return call;
  const object = bare(callee.object);
  return object.type === "CallExpression" ? inner(object) : call;
}

/** The buffer that a call puts a chunk into. */
function bufferOf(source: Source, call: CallExpression): string | undefined {
  const fact = source.facts.get(call);
  return fact?.kind === "record" && fact.how !== "call" ? fact.at.key : undefined;
}

/** Whether a method takes out what is in a buffer, to do something with it: one that only clears it sends nothing. */
function isTaken(source: Source, buffer: string): boolean {
  if (source.removals.has(buffer)) return true;
  // An object of another file is told to do something with what it holds.
  if (source.recordings.get(buffer)?.some(({ how }) => how === "call")) return true;
  return [...source.facts.values()].some(({ at, kind, scope }) => {
    if (at.key !== buffer || (kind !== "reset" && kind !== "remake")) return false;
    const method = methodOf(scope.fn);
    if (method.owner === undefined || method.name === "constructor") return false;
    return new Tracer(source, method).run().some((step) => step.kind === "read" && overlap(step.key, buffer));
  });
}

/** Whether a call is what a method returns: whoever writes to a stream never looks at that. */
const isReturned = (source: Source, { start }: CallExpression): boolean =>
  /\breturn\s+$/.test(source.text.slice(Math.max(0, start - 12), start));

/** `void send(chunk)`: it gives a promise, which is left alone on purpose. */
const isVoided = (source: Source, { start }: CallExpression): boolean =>
  /\bvoid\s+$/.test(source.text.slice(Math.max(0, start - 12), start));

const ENDS = ["close", "disconnect", "end", "quit", "shutdown"];

/**
 * Whether what is called has an end, as a client with a connection has: it is closed somewhere in the file, by the name of its
 * field. A stream has one too, and `write` says nothing of where that leads.
 */
function isClosed({ survey }: Source, callee: MemberExpression): boolean {
  const object = bare(callee.object);
  const field = object.type === "MemberExpression" ? propertyName(object) : undefined;
  return (
    field !== undefined &&
    propertyName(callee) !== "write" &&
    ENDS.some((name) =>
      survey.calls.get(name)?.some(({ node, callee }) => {
        const closing =
          node.type === "CallExpression" && callee.type === "MemberExpression" ? bare(callee.object) : callee;
        return closing.type === "MemberExpression" && propertyName(closing) === field;
      }),
    )
  );
}

/** A list that a local variable leads to, in a transport that does something now and then: it is looked for elsewhere by another name. */
const isPassing = ({ survey }: Source, { variable }: Place, name: string | undefined): boolean =>
  name === "log" && variable !== undefined && variable.scope.fn !== survey.module && survey.timed.length > 0;

/** The innermost function around a node. */
function around(source: Source, root: Fn, node: AnyNode): Fn {
  let at = root;
  for (const fn of source.survey.fns.values()) if (contains(at.node, fn.node) && contains(fn.node, node)) at = fn;
  return at;
}

/** Whether a call is given a function to be told by what became of it: `send(line, (error) => {})`. */
export const isAnswered = ({ arguments: args }: CallExpression): boolean => {
  const last = args.at(-1);
  const [first] = last !== undefined && isFunction(last) ? last.params : [];
  return first?.type === "Identifier" && /^e(?:rr(?:or)?)?$/.test(first.name);
};

/** `emit("logged", info)`. A client may have an `emit` as well, which is given an entry, or is answered. */
function isEvent(call: CallExpression, scope: Scope): boolean {
  const {
    callee,
    arguments: [first],
  } = call;
  if (propertyName(bare(callee)) !== "emit" || isAnswered(call)) return false;
  const entry = first?.type === "Identifier" ? lookup(scope, first.name)?.init : first;
  return entry?.type !== "ObjectExpression";
}

/** A function of the file that is given a chunk and gives a promise, or answers: `post(line).catch(report)`. */
function ownSender(source: Source, call: CallExpression, callee: AnyNode, scope: Scope): string | undefined {
  const target = callee.type === "Identifier" ? source.functionAt(callee, scope) : undefined;
  if (target === undefined) return isOthers(callee, scope) ? placeOf(callee, scope)?.key : undefined;
  return isAwaitedMethod(source, target) || isAnswered(call) ? placeOf(callee, scope)?.key : undefined;
}

/** Whether a variable is what a function is given: whose that is, and what it does, is not known here. */
const isParameter = ({ init, name, scope: { fn } }: Variable): boolean =>
  init === undefined &&
  isFunction(fn.node) &&
  fn.node.params.some((at) => at.type !== "Identifier" || at.name === name) &&
  fn.parent !== undefined;

/** What clients have for what is to be sent, and nothing else: `client.captureException(error)`, `track(event)`. */
const SENDS_OFF =
  /^(?:capture|track|publish|ingest|notify|report|submit|enqueue|produce|upload)(?:[A-Z]\w*)?$|^send[A-Z]/;

/** `const trackTelemetry = client.track.bind(client)` */
function isOthers(callee: AnyNode, scope: Scope): boolean {
  const variable = callee.type === "Identifier" && SENDS_OFF.test(callee.name) ? lookup(scope, callee.name) : undefined;
  return variable !== undefined && !isParameter(variable);
}

/** Whether a call says by its name that it sends. */
export const saysItSends = ({ callee }: CallExpression): boolean => SENDS_OFF.test(nameOf(bare(callee)) ?? "");

/** Whether a client of another package is told by such a name; a function of this file says itself what it does. */
const isSentOff = (source: Source, callee: MemberExpression, { variable }: Place): boolean =>
  SENDS_OFF.test(propertyName(callee) ?? "") &&
  (variable === undefined || variable.scope.fn === source.survey.module) &&
  source.functionAt(callee, source.survey.module.scope) === undefined;

/** Whether a call says when a chunk is done with, or hands that on: what `then(callback())` is given has been called before. */
function mentionsCallback(source: Source, { start, end }: CallExpression, callback: string): boolean {
  const text = source.text.slice(start, end).replaceAll(/(?<=\.(?:then|catch|finally)\(\s*)[\w$]+\(\)/g, "");
  return new RegExp(`\\b${callback}\\b`).test(text);
}

/** A function that does nothing, for a callback. */
const isNoop = (node: AnyNode): boolean => node.type === "Identifier" && /^_*noop$/i.test(node.name);

/**
 * Where a chunk is handed on to by a call whose end nobody waits for.
 * @param name of the method that was given the chunk
 */
export function handedTo(
  source: Source,
  root: Fn,
  name: string | undefined,
  outer: CallExpression,
  callback: string,
): string | undefined {
  const { scope } = around(source, root, outer);
  if (!source.survey.ignored.has(outer) && !isReturned(source, outer)) return undefined;
  const call = inner(outer);
  const callee = bare(call.callee);
  if (call.arguments.length === 0 || mentionsCallback(source, outer, callback)) return undefined;
  if (callee.type !== "MemberExpression") return ownSender(source, call, callee, scope);
  if (isEvent(call, scope)) return undefined;
  const place = placeOf(callee, scope);
  // `log[severity](entry)`
  if (
    place === undefined ||
    (place.partial && place.variable === undefined && place.path.length === 0) ||
    place.path.some((part) => /console|std(?:out|err)/i.test(part))
  )
    return undefined;
  if (place.variable !== undefined && isParameter(place.variable)) return undefined;
  // A transport of logs sends what it is given; of another Writable it has to be seen that something goes on.
  const target = source.functionAt(callee, scope);
  const goesOn =
    call !== outer ||
    isVoided(source, outer) ||
    isClosed(source, callee) ||
    isAnswered(call) ||
    call.arguments.some(isNoop) ||
    isSentOff(source, callee, place) ||
    (target !== undefined && isAwaitedMethod(source, target));
  const buffer = bufferOf(source, call);
  const isSent = buffer === undefined ? name === "log" : isTaken(source, buffer) || isPassing(source, place, name);
  return goesOn || isSent ? (buffer ?? place.key) : undefined;
}

/** A logger with a method for each level is told at once, unless it calls back: `context.log[level](message)`. */
export function loggersIn(source: Source, root: Fn, calls: readonly CallExpression[]): Set<string | undefined> {
  const byLevel = calls.flatMap(({ callee, arguments: args }) => {
    const at = bare(callee);
    if (at.type !== "MemberExpression" || !at.computed || args.some(isNoop)) return [];
    return /^(?:log|logger)$/.test(nameOf(bare(at.object)) ?? "") ? [at] : [];
  });
  return new Set(byLevel.map((at) => placeOf(at, around(source, root, at).scope)?.key));
}
