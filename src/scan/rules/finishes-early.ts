import type { AnyNode, CallExpression } from "acorn";
import { simple } from "acorn-walk";
import { type Fn, lookup } from "../source/model.js";
import { type Place, placeOf } from "../source/places.js";
import { methodOf, type Source } from "../source/source.js";
import { nameOf } from "../source/surveyor.js";
import { bare, CHAINS, contains, isFunction, propertyName, TIMERS } from "../source/syntax.js";
import { callbackOfChunk, isWrite } from "../source/writables.js";
import { Tracer } from "../trace/tracer.js";
import { isAwaitedMethod } from "./awaited.js";
import { overlap, type Rule } from "./rule.js";

/** What a method does itself, and in functions that run right after it. */
interface Body {
  calls: CallExpression[];
  awaits: AnyNode[];
  /** Calls made when other code has run. */
  later: CallExpression[];
}

function bodyOf({ node: root }: Fn): Body {
  const calls: CallExpression[] = [];
  const awaits: AnyNode[] = [];
  const functions: AnyNode[] = [];
  // What a timer runs, and what is an async function in other words.
  const soon = new Set<AnyNode>();
  simple(root, {
    CallExpression(node) {
      calls.push(node);
      const [receiver] = node.arguments;
      const isHelped = receiver?.type === "ThisExpression" || TIMERS.has(nameOf(node.callee) ?? "");
      for (const argument of node.arguments)
        if (isHelped || (argument.type === "FunctionExpression" && argument.generator)) soon.add(argument);
    },
    AwaitExpression: (node) => void awaits.push(node),
    YieldExpression: (node) => void awaits.push(node),
    Function: (node) => void functions.push(node as AnyNode),
  });
  const later = functions.filter((node) => node !== root && !soon.has(node));
  const own = (node: AnyNode): boolean => !later.some((fn) => contains(fn, node));
  return { calls: calls.filter(own), awaits: awaits.filter(own), later: calls.filter((call) => !own(call)) };
}

const isTimer = ({ callee }: CallExpression): boolean => TIMERS.has(nameOf(callee) ?? "");

const isNamed = (node: AnyNode, name: string): boolean => node.type === "Identifier" && node.name === name;

/** The call by which a chunk is said to be done with before anything could have happened to it. */
function doneAtOnce({ calls, awaits }: Body, callback: string): CallExpression | undefined {
  const isIt = (node: AnyNode): boolean => isNamed(node, callback);
  return calls.find((call) => {
    const says = isIt(bare(call.callee)) || (isTimer(call) && call.arguments.some(isIt));
    return says && !awaits.some((node) => node.start < call.start);
  });
}

/** Whether it is said elsewhere too: at once is then a case of its own, such as that there is nothing to send. */
function isSaidLater({ calls, later }: Body, callback: string): boolean {
  return (
    later.some(({ callee }) => isNamed(bare(callee), callback)) ||
    [...calls, ...later].some((call) => !isTimer(call) && call.arguments.some((node) => isNamed(node, callback)))
  );
}

/** The call of `send(chunk)` in `send(chunk).catch(log)`. */
function inner(call: CallExpression): CallExpression {
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

/** A list that a local variable leads to, in a transport that does something now and then: it is looked for elsewhere by another name. */
const isPassing = ({ survey }: Source, { variable }: Place, name: string | undefined): boolean =>
  name === "log" && variable !== undefined && variable.scope.fn !== survey.module && survey.timed.length > 0;

/** The innermost function around a node. */
function around(source: Source, root: Fn, node: AnyNode): Fn {
  let at = root;
  for (const fn of source.survey.fns.values()) if (contains(at.node, fn.node) && contains(fn.node, node)) at = fn;
  return at;
}

/** A function that does nothing, for a callback. */
const isNoop = (node: AnyNode): boolean => node.type === "Identifier" && /^_*noop$/i.test(node.name);

/**
 * Where a chunk is handed on to by a call whose end nobody waits for.
 * @param name of the method that was given the chunk
 */
function handedTo(
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
  if (callee.type !== "MemberExpression" || call.arguments.length === 0 || propertyName(callee) === "emit")
    return undefined;
  const place = placeOf(callee, scope);
  // `log[severity](entry)`
  if (
    place === undefined ||
    (place.partial && place.variable === undefined && place.path.length === 0) ||
    place.path.some((part) => /console|std(?:out|err)/i.test(part))
  )
    return undefined;
  if (place.variable !== undefined && lookup(scope, place.variable.name)?.init === undefined) return undefined;
  if (new RegExp(`\\b${callback}\\b`).test(source.text.slice(outer.start, outer.end))) return undefined;
  // A transport of logs sends what it is given; of another Writable it has to be seen that something goes on.
  const target = source.functionAt(callee, scope);
  const goesOn =
    call !== outer || call.arguments.some(isNoop) || (target !== undefined && isAwaitedMethod(source, target));
  const buffer = bufferOf(source, call);
  const isSent = buffer === undefined ? name === "log" : isTaken(source, buffer) || isPassing(source, place, name);
  return goesOn || isSent ? (buffer ?? place.key) : undefined;
}

/** A Writable calls back before what it was given has arrived, and waits for nothing at its end: 'finish' comes too early. */
export const finishesEarly: Rule = {
  meta: { name: "finishes-early", hazard: "close", marks: ["handed on", "called back"] },
  message: (place) =>
    `A chunk is handed on to ${place} and said to be done with at once, and nothing is waited for at the end: wait for 'finish', exit, and what is on its way is lost.`,
  create({ source, root, report }) {
    const callback = isWrite(source, root) ? callbackOfChunk(root) : undefined;
    if (callback === undefined) return {};
    for (const [fn, name] of [[root, callback] as const, ...helpers(source, root, callback)]) {
      const body = bodyOf(fn);
      const done = doneAtOnce(body, name);
      if (done === undefined) continue;
      const handing = isSaidLater(body, name) ? body.calls.filter(({ start }) => start < done.start) : body.calls;
      for (const call of handing) {
        const key = handedTo(source, fn, root.name, call, name);
        if (key === undefined) continue;
        report({
          key,
          marks: [
            { label: "handed on", node: call },
            { label: "called back", node: done },
          ],
          recordings: [],
        });
        return {};
      }
    }
    return {};
  },
};

/** Methods of the same object that are given the callback, or a function that calls it, and the names that they know it by. */
function helpers(source: Source, root: Fn, callback: string): (readonly [Fn, string])[] {
  const its = new RegExp(`\\b${callback}\\b`);
  return bodyOf(root).calls.flatMap(({ callee, arguments: args }) => {
    const target = source.functionAt(callee, root.scope);
    const index = args.findIndex(
      (node) => isNamed(node, callback) || (isFunction(node) && its.test(source.text.slice(node.start, node.end))),
    );
    const parameter = target !== undefined && isFunction(target.node) ? target.node.params[index] : undefined;
    return target !== undefined && target !== root && parameter?.type === "Identifier"
      ? [[target, parameter.name] as const]
      : [];
  });
}
