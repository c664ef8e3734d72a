import type { AnyNode } from "acorn";
import { lookup, type Variable } from "../source/model.js";
import { bare, isFunction, propertyName } from "../source/syntax.js";
import type { Tracer } from "./tracer.js";

/** Properties that hold a function which someone has registered. */
const REGISTERED = /^(?:callback|cb|fn|func|listener|handler|hook)$/;

const nameOf = (parameter: AnyNode): string | undefined => {
  const node = parameter.type === "AssignmentPattern" ? parameter.left : parameter;
  return node.type === "Identifier" ? node.name : undefined;
};

/** A parameter of the traced function: the caller's own. */
function isParameter(t: Tracer, variable: Variable): boolean {
  const { fn } = variable.scope;
  return (
    fn === t.root &&
    variable.scope === fn.scope &&
    isFunction(fn.node) &&
    fn.node.params.some((parameter) => nameOf(parameter) === variable.name)
  );
}

/** Names of what is given to be told something, not to send it. */
const TOLD = /^_*on[A-Z]|callback|listener|handler|hook|^cb$|^done$/i;

/** Whose function a callee is: the caller's own, one that was registered at a shared place, or one that the object works with. */
export function callsOut(t: Tracer, callee: AnyNode): "caller" | "registered" | "injected" | undefined {
  if (callee.type === "Identifier") {
    const variable = lookup(t.scope, callee.name);
    if (variable === undefined) return undefined;
    if (isParameter(t, variable)) return "caller";
    const key = t.items.get(variable);
    return key !== undefined && !t.source.holdsResolvers(key) ? "registered" : undefined;
  }
  if (isRegistered(t, callee)) return "registered";
  if (!t.source.injected(callee, t.scope)) return undefined;
  return TOLD.test(propertyName(callee) ?? "") ? "registered" : "injected";
}

function isRegistered(t: Tracer, callee: AnyNode): boolean {
  if (callee.type !== "MemberExpression") return false;
  const name = propertyName(callee);
  const object = bare(callee.object);
  if (name === "emit") return object.type === "ThisExpression" || t.shared(object)?.path.length === 0;
  if (object.type === "Identifier" && name !== undefined) {
    const variable = lookup(t.scope, object.name);
    if (variable !== undefined && t.items.has(variable))
      return name === "call" || name === "apply" || REGISTERED.test(name);
  }
  // `this.listeners[i](event)`
  if (callee.computed && name === undefined) {
    const place = t.shared(object);
    return place !== undefined && !place.partial && t.source.recordings.has(place.key);
  }
  return false;
}
