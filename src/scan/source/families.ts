import type { AnyNode } from "acorn";
import { type Fn, lookup, type Variable } from "./model.js";
import { objectId } from "./places.js";
import type { Survey } from "./surveyor.js";
import { bare, isFunction } from "./syntax.js";

/** What `var X = (function () { function X() {} return X; })()` returns. */
export function returned({ fns }: Survey, { init }: Variable): Variable | undefined {
  const call = init && bare(init.type === "AssignmentExpression" ? init.right : init);
  if (call?.type !== "CallExpression") return undefined;
  const maker = bare(call.callee);
  if (!isFunction(maker) || maker.body.type !== "BlockStatement") return undefined;
  const last = maker.body.body.at(-1);
  let value = last?.type === "ReturnStatement" && last.argument ? bare(last.argument) : undefined;
  // `return _createClass(X, […])`
  if (value?.type === "CallExpression") value = value.arguments[0];
  const scope = fns.get(maker)?.scope;
  return value?.type === "Identifier" && scope !== undefined ? lookup(scope, value.name) : undefined;
}

/** What the parameter of `(function (_super) { … })(Base)` is given. */
function given({ calledAtOnce }: Survey, { name, scope }: Variable): { node: AnyNode; fn: Fn } | undefined {
  const { node, parent } = scope.fn;
  const call = calledAtOnce.get(node);
  if (call === undefined || parent === undefined || !isFunction(node)) return undefined;
  const index = node.params.findIndex((parameter) => parameter.type === "Identifier" && parameter.name === name);
  const argument = call.arguments[index];
  return argument && { node: argument as AnyNode, fn: parent };
}

/** The id of the class of the same file that an expression means. */
function classAt(survey: Survey, node: AnyNode, fn: Fn, depth = 0): number | undefined {
  const name = bare(node);
  const variable = name.type === "Identifier" ? lookup(fn.scope, name.name) : undefined;
  if (variable === undefined || depth > 3) return undefined;
  const argument = given(survey, variable);
  if (argument !== undefined) return classAt(survey, argument.node, argument.fn, depth + 1);
  const init = variable.init && bare(variable.init);
  return init?.type === "Identifier"
    ? classAt(survey, init, variable.scope.fn, depth + 1)
    : (returned(survey, variable)?.id ?? (init === undefined ? undefined : variable.id));
}

/** Ids of the classes of a file that others of it extend, by the ids of these. */
export function basesIn(survey: Survey): Map<number, number> {
  const bases = new Map<number, number>();
  for (const { of, node, fn } of survey.parents) {
    const child = objectId(of, fn);
    const base = classAt(survey, node, fn);
    if (child !== undefined && base !== undefined && child !== base) bases.set(child, base);
  }
  return bases;
}
