import type { AnyNode } from "acorn";
import { returned } from "./source/families.js";
import type { Fn, Scope, Variable } from "./source/model.js";
import { ownerId } from "./source/places.js";
import type { Source } from "./source/source.js";

function scopesOf({ survey }: Source): Scope[] {
  return [...[...survey.fns.values()].map(({ scope }) => scope), ...survey.scopes.values()];
}

/** The variable that a class, function or object is declared as. */
function variableOf(source: Source, id: number): Variable | undefined {
  for (const { variables } of scopesOf(source))
    for (const variable of variables.values()) if (variable.id === id) return variable;
  return undefined;
}

const objectId = ({ survey }: Source, node: AnyNode): number | undefined => {
  const object = survey.objects.get(node);
  return object?.kind === "object" && typeof object.object === "number" ? object.object : undefined;
};

/** The name of a class that is written as an expression. */
function className(source: Source, id: number): string | undefined {
  for (const node of source.survey.objects.keys()) {
    if (node.type === "ClassExpression" && node.id && objectId(source, node) === id) return node.id.name;
  }
  return undefined;
}

/** The name under which a file exports what has an id; "default" is also the module itself. */
export function exportedAs(source: Source, id: number): string | undefined {
  for (const [what, name] of source.exports) {
    if ("type" in what ? objectId(source, what) === id : what.id === id || returned(source.survey, what)?.id === id)
      return name;
  }
  return undefined;
}

/** `Class.method`, or the name of a function. */
export function methodName(source: Source, root: Fn): string {
  let named: Fn | undefined = root;
  while (named?.name === undefined && named?.parent !== undefined) named = named.parent;
  const method = named?.name ?? "(anonymous)";
  const id = named && ownerId(named);
  const owner = id === undefined ? undefined : (variableOf(source, id)?.name ?? className(source, id));
  return owner === undefined || owner.length < 3 ? method : `${owner}.${method}`;
}

/** `this.queue` without the object: what the place is called. */
export function placeName(source: Source, key: string): string {
  const [id, ...path] = key.split(".");
  const variable = variableOf(source, Number(id));
  if (path.length === 0) return variable?.name ?? "(anonymous)";
  return path.join(".");
}
