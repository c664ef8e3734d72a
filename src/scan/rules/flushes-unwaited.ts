import type { AnyNode, CallExpression } from "acorn";
import { ancestor } from "acorn-walk";
import type { Fn } from "../source/model.js";
import { placeOf } from "../source/places.js";
import type { Source } from "../source/source.js";
import { bare, isFunction, propertyName } from "../source/syntax.js";
import { isAwaitedMethod, isIgnored } from "./awaited.js";
import { bodyOf, callbackOf, doneAtOnce, isSaidLater } from "./finishes-early.js";
import type { Rule } from "./rule.js";

/** Names of what is awaited to have all sent. */
const SENDS_ALL = /^(?:_?(?:force)?flush|drain|close|deactivate|dispose|end|finish|quit|shutdown|stop|terminate)/i;

/** What has all sent, by another object. */
const FLUSHES = /^(?:(?:force)?flush(?:Async|All)?|closeAndFlush|flushAndClose|drain|quit)$/i;

/** Streams and files are flushed at once, or by themselves. */
const AT_ONCE =
  /stream|zip|deflate|encod|writer|res(?:ponse)?$|std(?:out|err)|file|log(?:ger)?s?$|console|cache|buffer/i;

/** What is called on to flush, by its last name. */
function flushedAt(call: CallExpression): AnyNode | undefined {
  const callee = bare(call.callee);
  if (callee.type !== "MemberExpression" || callee.object.type === "Super") return undefined;
  if (!FLUSHES.test(propertyName(callee) ?? "") || call.arguments.some((given) => isFunction(given))) return undefined;
  return bare(callee.object);
}

/** The call of another object's flush that a function leaves alone and is over. */
function leftIn(source: Source, fn: Fn): { key: string; call: CallExpression } | undefined {
  let found: { key: string; call: CallExpression } | undefined;
  let waits = false;
  ancestor(fn.node as AnyNode, {
    CallExpression(call, _state, ancestors) {
      const object = flushedAt(call);
      if (found !== undefined || object === undefined || !source.survey.ignored.has(call)) return;
      const name = object.type === "Identifier" ? object.name : (propertyName(object) ?? "");
      if (name === "" || AT_ONCE.test(name) || ancestors.some((at) => at !== fn.node && isFunction(at))) return;
      const target = source.functionAt(call.callee, fn.scope);
      const key = placeOf(object, fn.scope)?.key;
      if (key !== undefined && (target === undefined || isAwaitedMethod(source, target))) found = { key, call };
    },
    AwaitExpression() {
      waits ||= found !== undefined;
    },
    YieldExpression() {
      waits ||= found !== undefined;
    },
    NewExpression({ callee }) {
      waits ||= callee.type === "Identifier" && callee.name === "Promise";
    },
  });
  return waits ? undefined : found;
}

const isAsked = (source: Source, fn: Fn): boolean =>
  fn.owner !== undefined && SENDS_ALL.test(fn.name ?? "") && (isAwaitedMethod(source, fn) || callsBackAtOnce(fn));

/** `shutdown(done) { client.quit(); done(); }` */
function callsBackAtOnce(fn: Fn): boolean {
  const callback = callbackOf(fn);
  if (callback === undefined) return false;
  const body = bodyOf(fn);
  return body.awaits.length === 0 && !isSaidLater(body, callback) && doneAtOnce(body, callback).length > 0;
}

/** Methods that leave another object's flush alone. */
export function leavingFlushes(source: Source): Fn[] {
  const isThere = [...source.survey.calls.keys()].some((name) => FLUSHES.test(name));
  return isThere ? [...source.survey.fns.values()].filter((fn) => isAsked(source, fn) && leftIn(source, fn)) : [];
}

/** A flush that can be awaited has another object flush, and does not wait for that. */
export const flushesUnwaited: Rule = {
  meta: { name: "flushes-unwaited", hazard: "early return", marks: ["handed on"] },
  message: (place) =>
    `${place} is told to flush, and that is not waited for: await this, exit, and what is being sent is lost.`,
  create({ source, root, report }) {
    const left = isAsked(source, root) && !isIgnored(source, root) ? leftIn(source, root) : undefined;
    if (left !== undefined) report({ key: left.key, marks: [{ label: "handed on", node: left.call }], recordings: [] });
    return {};
  },
};
