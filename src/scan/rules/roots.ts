import type { AnyNode } from "acorn";
import { type Fn, isWithin, lookup, type Scope } from "../source/model.js";
import { objectId, ownerId } from "../source/places.js";
import type { Fact, Source } from "../source/source.js";
import { beginning, isFalsy, isFunction, propertyName } from "../source/syntax.js";
import { readersOf } from "../source/transports.js";
import { writesOf } from "../source/writables.js";
import { closersOf } from "./closes-before-sent.js";
import { cuttersOf } from "./cuts-off-writes.js";
import { lastsOf } from "./ends-unsent.js";
import { leavingFlushes } from "./flushes-unwaited.js";
import { keepersOf } from "./keeps-settled-promise.js";
import { leaversOf } from "./leaves-what-waits.js";
import { closesIn } from "./stopped-unsent.js";

/** The function that `this` belongs to at the start of an expression. */
function thisFn(node: AnyNode, scope: Scope): Fn {
  const at = beginning(node);
  let fn = (at.type === "Identifier" ? lookup(scope, at.name)?.scope.fn : undefined) ?? scope.fn;
  while (fn.parent !== undefined) {
    if (fn.this.kind === "outer") fn = fn.parent;
    else {
      // `__awaiter(_this, …, function () {})`, where `_this` is that of a function around
      const { object } = fn.this;
      const given = typeof object === "number" ? undefined : lookup(object.scope, object.name);
      if (given?.init?.type !== "ThisExpression" || given.scope.fn === fn) break;
      ({ fn } = given.scope);
    }
  }
  return fn;
}

/** The outermost function around a node that others call while it waits: callbacks are part of it. */
function rootOf({ at: { variable }, place, scope }: Fact): Fn | undefined {
  const own = variable === undefined ? thisFn(place, scope) : undefined;
  let { fn } = scope;
  while (
    fn.owner === undefined &&
    fn !== own &&
    fn.parent?.parent !== undefined &&
    (variable === undefined || !isWithin(variable.scope.fn, fn.parent))
  ) {
    fn = fn.parent;
  }
  return fn.parent === undefined ? undefined : fn;
}

function callers(source: Source, fn: Fn): Fn[] {
  return source.callersOf(fn).flatMap((inner) => {
    let caller = inner;
    while (caller.owner === undefined && caller.parent?.parent !== undefined && !isWithin(fn, caller.parent)) {
      caller = caller.parent;
    }
    return caller.parent === undefined ? [] : [caller];
  });
}

const takesOut = (node: AnyNode): boolean =>
  node.type === "CallExpression" && /^(?:splice|shift)$/.test(propertyName(node.callee) ?? "");

const MAY_WAIT = /\bawait\b|\byield\b|\bPromise\b|\.then\b|\.finally\b|callback|\bcb\b|\bdone\b|\bresolve\b/;
const MAY_CALL_BACK = /=>|\bfunction\b|\.bind\(/;

/** Characters that are looked through faster than they are searched. */
const SHORT = 3000;

function textOf(source: Source, { node }: Fn): string {
  return isFunction(node) && !node.async ? source.text.slice(node.body.start, node.body.end) : "await";
}

/** Whether other code can run before a function has done all it does. */
function mayWait(source: Source, root: Fn): boolean {
  const text = textOf(source, root);
  return text.length < SHORT || MAY_WAIT.test(text) || MAY_CALL_BACK.test(text);
}

/** Functions that raise a flag and lower it. */
function raising(source: Source): Set<Fn> {
  const raised = new Map<string, Set<Fn>>();
  const roots = new Set<Fn>();
  const lowered: { key: string; root: Fn }[] = [];
  for (const fact of source.facts.values()) {
    if (fact.kind !== "assign" && fact.kind !== "remake" && fact.kind !== "reset") continue;
    const root = rootOf(fact);
    if (root === undefined) continue;
    const { key } = fact.at;
    if (fact.kind === "reset" || (fact.kind === "assign" && isFalsy(fact.value))) lowered.push({ key, root });
    else raised.set(key, (raised.get(key) ?? new Set()).add(root));
  }
  for (const { key, root } of lowered) if (raised.get(key)?.has(root)) roots.add(root);
  return new Set([...roots].filter((root) => MAY_WAIT.test(textOf(source, root))));
}

/** Functions that empty what others fill, and those that call them. */
function emptying(source: Source): Set<Fn> {
  const roots = new Set<Fn>();
  for (const fact of source.facts.values()) {
    const empties =
      fact.kind === "reset" ||
      fact.kind === "remake" ||
      fact.kind === "cut" ||
      (fact.kind === "drop" && source.holdsLists(fact.at.key)) ||
      (fact.kind === "assign" && fact.value.type === "Identifier") ||
      (fact.kind === "remove" && takesOut(fact.node));
    if (!empties || !source.recordings.has(fact.at.key)) continue;
    const root = rootOf(fact);
    if (root === undefined) continue;
    const { key } = fact.at;
    const isFilled = source.recordedOutside(key, root, fact.scope.fn).length > 0;
    if (isFilled || source.recordedBefore(key, root, fact.node).length > 0) roots.add(root);
  }
  let latest = [...roots];
  for (let level = 0; level < 2; level++) {
    latest = latest.flatMap((fn) => callers(source, fn)).filter((fn) => !roots.has(fn));
    for (const fn of latest) roots.add(fn);
  }
  return new Set([...roots].filter((root) => mayWait(source, root)));
}

/** Functions that go through a list which others take items out of. */
function iterating(source: Source): Set<Fn> {
  const roots = new Set<Fn>();
  for (const fact of source.facts.values()) {
    const { key } = fact.at;
    if (fact.kind !== "iterate" || !source.removals.has(key) || !source.recordings.has(key)) continue;
    const root = rootOf(fact);
    if (root !== undefined) roots.add(root);
  }
  return roots;
}

/** Methods that are there to throw away what is left. */
const DISCARDS = /^[_#]*(?:(?:abort|cancel|clear|destroy|dispose|reset|teardown|terminate)(?![a-z])|clean[uU]p$)/;

/** Methods of a stream that are never called while another one of them is at work. */
const IN_TURN = /^_(?:transform|flush|writev?|final)$/;

/** Whether a function is a method of a class that extends another. */
function isOfChild({ survey }: Source, fn: Fn): boolean {
  const owner = ownerId(fn);
  return owner !== undefined && survey.parents.some(({ of, fn: around }) => objectId(of, around) === owner);
}

/** Whether nothing is recorded while a function waits, or what is recorded then is not to be sent. */
function isOutOfDanger(source: Source, fn: Fn): boolean {
  const { name, owner } = fn;
  if (name === undefined) return false;
  if (DISCARDS.test(name) || (IN_TURN.test(name) && isOfChild(source, fn))) return true;
  return owner?.kind === "object" && source.survey.streams.has(owner.object);
}

/** Methods that end a client which sends now and then. */
function closing(source: Source): Fn[] {
  return source.survey.timed.length === 0 ? [] : closesIn(source);
}

/** Functions worth tracing. */
export function rootsOf(source: Source): Set<Fn> {
  const flushes = [...emptying(source), ...raising(source)].filter((fn) => !isOutOfDanger(source, fn));
  return new Set([
    ...flushes,
    ...iterating(source),
    ...writesOf(source),
    ...readersOf(source),
    ...closing(source),
    ...keepersOf(source),
    ...lastsOf(source),
    ...closersOf(source),
    ...leaversOf(source),
    ...cuttersOf(source),
    ...leavingFlushes(source),
  ]);
}
