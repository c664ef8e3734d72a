import type {
  AnonymousFunctionDeclaration,
  AnyNode,
  ArrowFunctionExpression,
  FunctionDeclaration,
  FunctionExpression,
  Program,
} from "acorn";

export type FunctionNode =
  | FunctionDeclaration
  | AnonymousFunctionDeclaration
  | FunctionExpression
  | ArrowFunctionExpression;

/** A declared name. Its id is also that of what it stands for: the class, function or object it is declared as. */
export interface Variable {
  id: number;
  name: string;
  scope: Scope;
  /** What it is declared as, where it is never assigned again. */
  init?: AnyNode | undefined;
  /** Property of `init` that it stands for: `const { queue } = this`. */
  property?: string | undefined;
  assignments: number;
}

export interface Scope {
  parent: Scope | undefined;
  fn: Fn;
  variables: Map<string, Variable>;
}

/** What `this` is inside a function. */
export type This =
  | { kind: "outer" }
  /** An object of its own: an id, or a name that is resolved when all names are known. */
  | { kind: "object"; object: number | { name: string; scope: Scope } };

/** A function, or the module around them all. */
export interface Fn {
  node: FunctionNode | Program;
  parent: Fn | undefined;
  scope: Scope;
  this: This;
  /** Name as a method or a variable. */
  name: string | undefined;
  /** The class or object it is a method of. */
  owner: This | undefined;
  /** Of the module: ids of the classes of the same file that fields are instances of, by the keys of the fields. */
  instances?: Map<string, number>;
  /** Of the module: ids of the classes that others of it extend, by the ids of these. */
  bases?: ReadonlyMap<number, number>;
}

/** The module around a function. */
export function moduleOf(fn: Fn): Fn {
  let at = fn;
  while (at.parent !== undefined) at = at.parent;
  return at;
}

/** An id and those of what it extends, the nearest first. */
export function lineage(id: number, bases: ReadonlyMap<number, number> | undefined): number[] {
  const found = [id];
  for (let at = bases?.get(id); at !== undefined && !found.includes(at); at = bases?.get(at)) found.push(at);
  return found;
}

/** Looks a name up from the inside out. */
export function lookup(scope: Scope, name: string): Variable | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const variable = at.variables.get(name);
    if (variable !== undefined) return variable;
  }
  return undefined;
}

/** Whether a function is another one or lies inside it. */
export function isWithin(inner: Fn, outer: Fn): boolean {
  for (let at: Fn | undefined = inner; at !== undefined; at = at.parent) if (at === outer) return true;
  return false;
}
