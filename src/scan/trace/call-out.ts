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
function isParameter(tracer: Tracer, variable: Variable): boolean {
  const { fn } = variable.scope;
  return (
    fn === tracer.root &&
    variable.scope === fn.scope &&
    isFunction(fn.node) &&
    fn.node.params.some((parameter) => nameOf(parameter) === variable.name)
  );
}

/** Names of what is given to be told something, not to send it. */
const TOLD = /^_*on[A-Z]|callback|listener|handler|hook|^cb$|^done$/i;

/** Whose function a callee is: the caller's own, one that was registered at a shared place, or one that the object works with. */
export function callsOut(tracer: Tracer, callee: AnyNode): "caller" | "registered" | "injected" | undefined {
  if (callee.type === "Identifier") {
    const variable = lookup(tracer.scope, callee.name);
    if (variable === undefined) return undefined;
    if (isParameter(tracer, variable)) return "caller";
    const key = tracer.items.get(variable);
    return key !== undefined && !tracer.source.holdsResolvers(key) ? "registered" : undefined;
  }
  if (isRegistered(tracer, callee)) return "registered";
  if (!tracer.source.injected(callee, tracer.scope)) return undefined;
  return TOLD.test(propertyName(callee) ?? "") ? "registered" : "injected";
}

function isRegistered(tracer: Tracer, callee: AnyNode): boolean {
  if (callee.type !== "MemberExpression") return false;
  const name = propertyName(callee);
  const object = bare(callee.object);
  if (name === "emit") return object.type === "ThisExpression" || tracer.shared(object)?.path.length === 0;
  if (object.type === "Identifier" && name !== undefined) {
    const variable = lookup(tracer.scope, object.name);
    if (variable !== undefined && tracer.items.has(variable))
      return name === "call" || name === "apply" || REGISTERED.test(name);
  }
  // `this.listeners[i](event)`
  if (callee.computed && name === undefined) {
    const place = tracer.shared(object);
    return place !== undefined && !place.partial && tracer.source.recordings.has(place.key);
  }
  return false;
}
