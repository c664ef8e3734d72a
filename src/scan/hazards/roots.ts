import type { AnyNode } from "acorn";
import { type Fn, isWithin, lookup, type Scope } from "../source/model.js";
import { bare, isFalsy, isFunction, propertyName } from "../source/syntax.js";
import type { Fact, Source } from "../source/source.js";

/** The function that `this` belongs to at the start of an expression. */
function thisFn(node: AnyNode, scope: Scope): Fn {
  let at = bare(node);
  while (at.type === "MemberExpression") at = bare(at.object);
  let fn = (at.type === "Identifier" ? lookup(scope, at.name)?.scope.fn : undefined) ?? scope.fn;
  while (fn.this.kind === "outer" && fn.parent !== undefined) fn = fn.parent;
  return fn;
}

/** The outermost function around a node that others call while it waits: callbacks are part of it. */
export function rootOf({ at: { variable }, place, scope }: Fact): Fn | undefined {
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

const isSplice = (node: AnyNode): boolean => node.type === "CallExpression" && propertyName(node.callee) === "splice";

const MAY_WAIT = /\bawait\b|\byield\b|\bPromise\b|\.then\b|\.finally\b|=>|\bfunction\b|\.bind\(|\bcallback\b|\bcb\b|\bresolve\b/;

/** Characters that are looked through faster than they are searched. */
const SHORT = 3000;

/** Whether other code can run before a function has done all it does. */
function mayWait(source: Source, { node }: Fn): boolean {
  if (!isFunction(node)) return false;
  if (node.async || node.end - node.start < SHORT) return true;
  return MAY_WAIT.test(source.text.slice(node.body.start, node.body.end));
}

/** Functions worth tracing: those that empty what others fill, or lower a flag they have raised, and those that call them. */
export function rootsOf(source: Source): Set<Fn> {
  const roots = new Set<Fn>();
  const raised = new Map<string, Set<Fn>>();
  const lowered: { key: string; root: Fn }[] = [];
  const iterating = new Set<Fn>();
  for (const fact of source.facts.values()) {
    if (fact.kind === "iterate" && source.removals.has(fact.at.key) && source.recordings.has(fact.at.key)) {
      const root = rootOf(fact);
      if (root !== undefined) iterating.add(root);
    }
    if (fact.kind === "iterate" || fact.kind === "record") continue;
    const falsy = fact.kind === "assign" ? isFalsy(fact.value) : fact.kind === "reset";
    const { key } = fact.at;
    if (fact.kind === "remove") {
      const root = source.recordings.has(key) ? rootOf(fact) : undefined;
      if (root !== undefined && isSplice(fact.node)) roots.add(root);
      continue;
    }
    const empties = fact.kind === "assign" ? fact.value.type === "Identifier" : true;
    const root = rootOf(fact);
    if (root === undefined) continue;
    if (empties && source.recordings.has(key)) roots.add(root);
    if (falsy) lowered.push({ key, root });
    else raised.set(key, (raised.get(key) ?? new Set()).add(root));
  }
  for (const { key, root } of lowered) if (raised.get(key)?.has(root)) roots.add(root);
  let latest = [...roots];
  for (let level = 0; level < 2; level++) {
    latest = latest.flatMap((fn) => callers(source, fn)).filter((fn) => !roots.has(fn));
    for (const fn of latest) roots.add(fn);
  }
  return new Set([...[...roots].filter((root) => mayWait(source, root)), ...iterating]);
}
