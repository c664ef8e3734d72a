import type { AnyNode, CallExpression } from "acorn";
import { ancestor } from "acorn-walk";
import type { Fn } from "../source/model.js";
import { placeOf } from "../source/places.js";
import type { Source } from "../source/source.js";
import { bare, isFunction, isNothing, propertyName } from "../source/syntax.js";

/** The key of what a method is called on: that of `this.socket` for `this.socket.close`. */
export function keyOf(callee: AnyNode, { scope }: Fn): string | undefined {
  const at = bare(callee);
  const place = at.type === "MemberExpression" ? placeOf(at.object as AnyNode, scope) : undefined;
  return place?.partial === false ? place.key : undefined;
}

/** Whether a test only asks whether something is there: `this.socket`, `this.socket !== null`. */
function isPresence(test: AnyNode, key: string, { scope }: Fn): boolean {
  const node = bare(test);
  if (node.type === "BinaryExpression") return isNothing(node.right) && isPresence(node.left, key, { scope } as Fn);
  return placeOf(node, scope)?.key === key;
}

/** A connection that is closed. */
export interface Closing {
  key: string;
  call: CallExpression;
  /** The function that it is closed in. */
  fn: Fn;
}

/**
 * The connections that a function closes itself, as soon as it is called.
 * @param names of the methods that close one
 */
export function closedBy(fn: Fn, names: ReadonlySet<string>): Closing[] {
  const found: Closing[] = [];
  let waits = false;
  ancestor(fn.node as AnyNode, {
    CallExpression(call, _state, ancestors) {
      const key = names.has(propertyName(bare(call.callee)) ?? "") ? keyOf(call.callee, fn) : undefined;
      if (key === undefined) return;
      const depends = ancestors.some(
        (at) => at !== fn.node && (isFunction(at) || (at.type === "IfStatement" && !isPresence(at.test, key, fn))),
      );
      if (!depends) found.push({ key, call, fn });
    },
    AwaitExpression() {
      waits = true;
    },
  });
  return waits ? [] : found;
}

/** A function, and those of the file that it calls, and that these call. */
export function reached(source: Source, fn: Fn, depth = 2): Set<Fn> {
  const found = new Set([fn]);
  let latest = [fn];
  for (let level = 0; level < depth; level++) {
    const next = latest.flatMap((at) => calledBy(source, at)).filter((at) => !found.has(at));
    for (const at of next) found.add(at);
    latest = next;
  }
  return found;
}

const called = new WeakMap<Fn, readonly Fn[]>();

function calledBy(source: Source, fn: Fn): readonly Fn[] {
  const known = called.get(fn);
  if (known !== undefined) return known;
  const found = new Set<Fn>();
  ancestor(fn.node as AnyNode, {
    CallExpression({ callee }, _state, ancestors) {
      const around = ancestors.findLast((at) => isFunction(at));
      const scope = (around && source.survey.fns.get(around)?.scope) ?? fn.scope;
      const target = source.functionAt(callee, scope);
      if (target !== undefined && target !== fn) found.add(target);
    },
  });
  called.set(fn, [...found]);
  return [...found];
}
