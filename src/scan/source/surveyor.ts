import type { AnyNode, CallExpression, Program } from "acorn";
import type { RawFact } from "./facts.js";
import { type Fn, type FunctionNode, lookup, type Scope, type This, type Variable } from "./model.js";
import { bare, isFunction, keyName, propertyName } from "./syntax.js";

/** What one walk over a file has seen. */
export interface Survey {
  program: Program;
  module: Fn;
  fns: Map<AnyNode, Fn>;
  /** Scopes by the node that opens them, functions aside. */
  scopes: Map<AnyNode, Scope>;
  facts: RawFact[];
  /** Calls, and arguments that may be functions, by the name of what is called. */
  calls: Map<string, Mention[]>;
  /** What classes and object literals are, by their nodes. */
  objects: Map<AnyNode, This>;
  /** Functions that make a promise: what they are given settles it, and runs nobody's code at once. */
  executors: Set<AnyNode>;
  /** Objects that say what a stream of the web does. */
  streams: Set<number | { name: string; scope: Scope }>;
  /** Objects that say what a Writable of Node does. */
  writables: Set<number | { name: string; scope: Scope }>;
  /** Functions that a Transform is made of which does nothing when its last chunk has come. */
  sinks: Set<AnyNode>;
  /** What classes extend. */
  parents: { of: This; node: AnyNode; fn: Fn }[];
  /** The calls of functions that are called where they are written. */
  calledAtOnce: Map<AnyNode, CallExpression>;
  /** Calls that set a timer. */
  timed: AnyNode[];
  /** Those whose result nobody looks at. */
  ignored: Set<AnyNode>;
}

/** A call of a function, or an argument that may be one. */
export interface Mention {
  node: AnyNode;
  callee: AnyNode;
  scope: Scope;
}

export interface Home {
  this: This;
  name: string | undefined;
  method: boolean;
}

export class Surveyor {
  readonly survey: Survey;
  readonly homes = new Map<AnyNode, Home>();
  readonly assigned: { name: string; scope: Scope; right: AnyNode }[] = [];
  nextId = 1;

  constructor(program: Program) {
    const module = { node: program, parent: undefined, name: undefined, owner: undefined } as unknown as Fn;
    module.this = { kind: "object", object: this.nextId++ };
    module.scope = { parent: undefined, fn: module, variables: new Map() };
    this.survey = {
      program,
      module,
      fns: new Map([[program, module]]),
      scopes: new Map(),
      facts: [],
      calls: new Map(),
      objects: new Map(),
      executors: new Set(),
      streams: new Set(),
      writables: new Set(),
      sinks: new Set(),
      parents: [],
      calledAtOnce: new Map(),
      timed: [],
      ignored: new Set(),
    };
    // CommonJS declares it.
    this.declare("exports", module.scope).assignments++;
  }

  declare(name: string, scope: Scope, init?: AnyNode, property?: string): Variable {
    const known = scope.variables.get(name);
    if (known !== undefined) {
      if (init !== undefined) this.assigned.push({ name, scope, right: init });
      return known;
    }
    const variable = { id: this.nextId++, name, scope, init, property, assignments: 0 };
    scope.variables.set(name, variable);
    return variable;
  }

  declarePattern(pattern: AnyNode, scope: Scope, init: AnyNode | undefined, parameter = false): void {
    switch (pattern.type) {
      case "Identifier": {
        const variable = this.declare(pattern.name, scope, parameter ? undefined : init);
        // A parameter has a value that no assignment shows.
        if (parameter) variable.assignments++;
        break;
      }
      case "ObjectPattern":
        for (const entry of pattern.properties) {
          if (entry.type === "RestElement") this.declarePattern(entry.argument, scope, undefined, true);
          else if (entry.value.type === "Identifier" && init !== undefined && keyName(entry) !== undefined) {
            this.declare(entry.value.name, scope, init, keyName(entry));
          } else this.declarePattern(entry.value, scope, undefined, true);
        }
        break;
      case "ArrayPattern":
        for (const element of pattern.elements) if (element) this.declarePattern(element, scope, undefined, true);
        break;
      case "AssignmentPattern":
        this.declarePattern(pattern.left, scope, undefined, true);
        break;
      case "RestElement":
        this.declarePattern(pattern.argument, scope, undefined, true);
        break;
      default:
    }
  }

  mention(callee: AnyNode, node: AnyNode, scope: Scope): void {
    const name = nameOf(callee);
    if (name === undefined) return;
    const { calls } = this.survey;
    const known = calls.get(name);
    if (known === undefined) calls.set(name, [{ node, callee, scope }]);
    else known.push({ node, callee, scope });
  }

  open(node: AnyNode, scope: Scope): Scope {
    const inner: Scope = { parent: scope, fn: scope.fn, variables: new Map() };
    this.survey.scopes.set(node, inner);
    return inner;
  }

  /** What `this` is in a function that is kept as a property of `object`. */
  thisOf(object: AnyNode, scope: Scope): This {
    const value = bare(object);
    if (value.type === "ThisExpression") return { kind: "outer" };
    const base = value.type === "MemberExpression" && propertyName(value) === "prototype" ? bare(value.object) : value;
    if (base.type !== "Identifier") return { kind: "object", object: this.nextId++ };
    const init = lookup(scope, base.name)?.init;
    if (init !== undefined && bare(init) !== base && isPrototype(bare(init))) return this.thisOf(init, scope);
    return { kind: "object", object: { name: base.name, scope } };
  }

  settle(value: AnyNode | null | undefined, home: Home): void {
    if (!value) return;
    const node = bare(value);
    if (isFunction(node)) this.homes.set(node, home);
    else if (!home.method && (node.type === "ClassExpression" || node.type === "ObjectExpression")) {
      this.survey.objects.set(node, home.this);
    }
    // `X.m = Y.m = function () {}`
    else if (node.type === "AssignmentExpression") this.settle(node.right, home);
  }

  enter(node: FunctionNode, scope: Scope): Scope {
    const home = this.homes.get(node);
    const arrow = node.type === "ArrowFunctionExpression";
    const fn = {
      node,
      parent: scope.fn,
      name: home?.name ?? node.id?.name,
      owner: home?.method ? home.this : undefined,
      this: arrow ? { kind: "outer" } : (home?.this ?? { kind: "object", object: this.nextId++ }),
    } as Fn;
    fn.scope = { parent: scope, fn, variables: new Map() };
    this.survey.fns.set(node, fn);
    if (node.type === "FunctionExpression" && node.id) this.declare(node.id.name, fn.scope, node);
    for (const parameter of node.params) this.declarePattern(parameter, fn.scope, undefined, true);
    return fn.scope;
  }

  finish(): Survey {
    const only = new Map<Variable, AnyNode>();
    for (const { name, scope, right } of this.assigned) {
      const variable = lookup(scope, name);
      if (variable === undefined) continue;
      variable.assignments++;
      only.set(variable, right);
    }
    for (const [variable, right] of only) {
      variable.init = variable.init === undefined && variable.assignments === 1 ? right : undefined;
      if (variable.init === undefined) variable.property = undefined;
    }
    return this.survey;
  }
}

export const nameOf = (callee: AnyNode): string | undefined =>
  callee.type === "Identifier" ? callee.name : propertyName(callee);

export function isPrototype(node: AnyNode): boolean {
  return node.type === "MemberExpression" && propertyName(node) === "prototype";
}
