import type { AnyNode, CallExpression, MemberExpression } from "acorn";
import { type Fn, lineage, lookup, moduleOf, type Scope, type This, type Variable } from "./model.js";
import { accessed, bare, freshKind, propertyName } from "./syntax.js";

/** Where a value is kept: a variable, or a property path from a variable or from `this`. */
export interface Place {
  /** The same for every expression in the file that means this place. */
  key: string;
  path: readonly string[];
  /** What the path begins at; absent for `this`. */
  variable?: Variable | undefined;
  /** The expression goes on with a computed property: a part of what is kept here. */
  partial: boolean;
}

const MAX_ALIASES = 8;

/** Id of the object that `this` is in a function, or undefined where it is not known to be shared with other functions. */
export function thisId(fn: Fn): number | undefined {
  return objectId(fn.this, fn);
}

/** Id of the class or object that a function is a method of. */
export function ownerId(fn: Fn): number | undefined {
  return fn.owner && objectId(fn.owner, fn);
}

/** Id of an object, as it is known in a function. */
export function objectId(self: This, fn: Fn): number | undefined {
  let at: Fn | undefined = fn;
  let its = self;
  while (its.kind === "outer") {
    at = at.parent;
    if (at === undefined) return undefined;
    its = at.this;
  }
  const { object } = its;
  if (typeof object === "number") return object;
  const variable = lookup(object.scope, object.name);
  if (variable?.init !== undefined && isThis(variable.init)) return thisId(variable.scope.fn);
  return variable?.id;
}

/** `this`, also by way of `_super.call(this) || this`. */
function isThis(node: AnyNode): boolean {
  const value = bare(node);
  if (value.type === "ThisExpression") return true;
  return value.type === "LogicalExpression" && isThis(value.right);
}

/** `getItem(KEY) || []` */
function orFresh(node: AnyNode): AnyNode {
  if (node.type !== "LogicalExpression" || node.operator === "&&" || freshKind(node.right) === undefined) return node;
  return bare(node.left);
}

function ofVariable(variable: Variable, path: string[], partial: boolean, aliases: number): Place | undefined {
  const { init, property, scope } = variable;
  if (init !== undefined && aliases < MAX_ALIASES) {
    const value = orFresh(bare(init));
    const further = property === undefined ? path : [property, ...path];
    if (isThis(value)) return ofThis(scope.fn, further, partial);
    if (
      value.type === "MemberExpression" ||
      value.type === "CallExpression" ||
      (value.type === "Identifier" && value.name !== variable.name)
    ) {
      const place = resolve(value, scope, further, partial, aliases + 1);
      if (place !== undefined && !place.partial) return place;
    }
  }
  return { key: [variable.id, ...path].join("."), path, variable, partial };
}

function ofThis(fn: Fn, path: string[], partial: boolean): Place | undefined {
  const own = thisId(fn);
  if (own === undefined) return undefined;
  const { bases, instances } = moduleOf(fn);
  const id = lineage(own, bases).at(-1) as number;
  const [field, ...rest] = path;
  const instance = rest.length > 0 ? instances?.get(`${id}.${field}`) : undefined;
  return { key: instance === undefined ? [id, ...path].join(".") : [instance, ...rest].join("."), path, partial };
}

/** What an object keeps apart from itself: `internal(this)`, `states.get(this)`. */
function ownState({ callee, arguments: [owner, ...more] }: CallExpression): string | undefined {
  if (owner?.type !== "ThisExpression" || more.length > 0) return undefined;
  const at = bare(callee);
  if (at.type === "Identifier") return `${at.name}(this)`;
  if (at.type !== "MemberExpression" || propertyName(at) !== "get" || at.object.type !== "Identifier") return undefined;
  return `${at.object.name}(this)`;
}

function resolve(node: AnyNode, scope: Scope, rest: string[], partial: boolean, aliases: number): Place | undefined {
  let path = rest;
  let trimmed = partial;
  for (let at = bare(node); ; ) {
    if (at.type === "MemberExpression") {
      const name = propertyName(at);
      // Prototypes share the id of their class.
      if (name === undefined) {
        path = [];
        trimmed = true;
      } else if (name !== "prototype") path = [name, ...path];
      at = bare(at.object);
    } else if (at.type === "CallExpression") {
      const its = ownState(at);
      if (its !== undefined) return ofThis(scope.fn, [its, ...path], trimmed);
      const name = accessed(at, "get");
      if (name === undefined) return undefined;
      path = [name, ...path];
      at = bare((bare(at.callee) as MemberExpression).object);
    } else if (at.type === "ThisExpression") {
      return ofThis(scope.fn, path, trimmed);
    } else if (at.type === "Identifier") {
      const variable = lookup(scope, at.name);
      return variable && ofVariable(variable, path, trimmed, aliases);
    } else return undefined;
  }
}

/** The place that an expression means, through `self = this` and `const { queue } = this`. */
export function placeOf(node: AnyNode, scope: Scope): Place | undefined {
  const value = bare(node);
  if (value.type !== "MemberExpression" && value.type !== "Identifier" && value.type !== "CallExpression")
    return undefined;
  return resolve(value, scope, [], false, 0);
}

/** Whether a key is that of a place or of something kept inside it. */
export function isPartOf(key: string, whole: string): boolean {
  return key === whole || (key.startsWith(whole) && key[whole.length] === ".");
}
