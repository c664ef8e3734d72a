import type { AnyNode, Program } from "acorn";
import { type RecursiveVisitors, recursive } from "acorn-walk";
import { findFacts, type RawFact } from "./facts.js";
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
  /** Those whose result nobody looks at. */
  ignored: Set<AnyNode>;
}

/** A call of a function, or an argument that may be one. */
export interface Mention {
  node: AnyNode;
  callee: AnyNode;
  scope: Scope;
}

interface Home {
  this: This;
  name: string | undefined;
  method: boolean;
}

class Surveyor {
  readonly survey: Survey;
  readonly homes = new Map<AnyNode, Home>();
  /** Ids of the objects that class bodies and object literals make. */
  readonly objects = new Map<AnyNode, This>();
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
      ignored: new Set(),
    };
  }

  declare(name: string, scope: Scope, init?: AnyNode | undefined, property?: string): Variable {
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
    else if (node.type === "ClassExpression" || node.type === "ObjectExpression") this.objects.set(node, home.this);
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

const nameOf = (callee: AnyNode): string | undefined =>
  callee.type === "Identifier" ? callee.name : propertyName(callee);

function isPrototype(node: AnyNode): boolean {
  return node.type === "MemberExpression" && propertyName(node) === "prototype";
}

const opensScope = (statements: readonly AnyNode[]): boolean =>
  statements.some(
    (node) =>
      node.type === "ClassDeclaration" ||
      node.type === "FunctionDeclaration" ||
      (node.type === "VariableDeclaration" && node.kind !== "var"),
  );

type State = { scope: Scope; by: Surveyor };

const forLoop = (head: "init" | "left") =>
  ((node: AnyNode, st: State, c: (node: AnyNode, st: State) => void) => {
    const at = (node as unknown as Record<string, AnyNode | null>)[head];
    const inner = at?.type === "VariableDeclaration" && at.kind !== "var" ? { ...st, scope: st.by.open(node, st.scope) } : st;
    for (const part of ["init", "left", "right", "test", "update", "body"]) {
      const child = (node as unknown as Record<string, AnyNode | null | undefined>)[part];
      if (child) c(child, inner);
    }
    findFacts(node, inner.scope, st.by.survey.facts);
  }) as never;

const visitFunction = ((node: FunctionNode, st: State, c: (node: AnyNode, st: State) => void) => {
  const { by } = st;
  const inner = { by, scope: by.enter(node, st.scope) };
  for (const parameter of node.params) c(parameter, inner);
  if (node.body.type === "BlockStatement") {
    for (const statement of node.body.body) hoist(statement, inner);
    for (const statement of node.body.body) c(statement, inner);
  } else c(node.body, inner);
}) as never;

/** Function declarations can be used before them. */
function hoist(statement: AnyNode, { by, scope }: State): void {
  const node =
    statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration"
      ? statement.declaration
      : statement;
  if (node?.type === "FunctionDeclaration" && node.id) {
    const { id } = by.declare(node.id.name, scope, node);
    by.homes.set(node, { this: { kind: "object", object: id }, name: node.id.name, method: false });
  } else if (node?.type === "ClassDeclaration" && node.id) by.declare(node.id.name, scope, node);
}

const visitClass = ((node: AnyNode, st: State, c: (node: AnyNode, st: State) => void) => {
  if (node.type !== "ClassDeclaration" && node.type !== "ClassExpression") return;
  const { by, scope } = st;
  const declared = node.id && node.type === "ClassDeclaration" ? lookup(scope, node.id.name)?.id : undefined;
  const self: This =
    declared === undefined ? (by.objects.get(node) ?? { kind: "object", object: by.nextId++ }) : { kind: "object", object: declared };
  if (node.superClass) c(node.superClass, st);
  for (const member of node.body.body) {
    if (member.type === "StaticBlock") {
      c(member, st);
      continue;
    }
    if (member.computed) c(member.key, st);
    const { value } = member;
    if (!value) continue;
    by.settle(value, { this: self, name: keyName(member), method: true });
    if (isFunction(value) && value.type !== "ArrowFunctionExpression") c(value, st);
    else {
      // A field is initialised with `this` being the instance.
      const fn: Fn = { node: member as never, parent: scope.fn, this: self, name: keyName(member), owner: undefined } as never;
      fn.scope = { parent: scope, fn, variables: new Map() };
      by.survey.fns.set(member, fn);
      by.survey.scopes.set(member, fn.scope);
      c(value, { by, scope: fn.scope });
    }
  }
}) as never;

const TIMERS = new Set(["setTimeout", "setInterval", "setImmediate", "nextTick", "queueMicrotask"]);

/** `flush();`, `void flush();`, `flush().catch(log);`, `ready && flush();` */
function ignoreResult(expression: AnyNode, ignored: Set<AnyNode>): void {
  const node = bare(expression);
  if (node.type === "CallExpression") {
    ignored.add(node);
    const callee = bare(node.callee);
    if (callee.type === "MemberExpression" && callee.object.type !== "Super") ignoreResult(callee.object, ignored);
  } else if (node.type === "UnaryExpression") ignoreResult(node.argument, ignored);
  else if (node.type === "LogicalExpression") ignoreResult(node.right, ignored);
  else if (node.type === "ConditionalExpression") {
    ignoreResult(node.consequent, ignored);
    ignoreResult(node.alternate, ignored);
  }
  if (expression.type === "SequenceExpression") for (const each of expression.expressions) ignoreResult(each, ignored);
}

const VISITORS: RecursiveVisitors<State> = {
  Function: visitFunction,
  FunctionDeclaration: visitFunction,
  FunctionExpression: visitFunction,
  ArrowFunctionExpression: visitFunction,
  ClassDeclaration: visitClass,
  ClassExpression: visitClass,
  ForStatement: forLoop("init"),
  ForInStatement: forLoop("left"),
  ForOfStatement: forLoop("left"),
  Program(node, st, c) {
    for (const statement of node.body) hoist(statement, st);
    for (const statement of node.body) c(statement, st);
  },
  BlockStatement(node, st, c) {
    const inner = opensScope(node.body) ? { ...st, scope: st.by.open(node, st.scope) } : st;
    for (const statement of node.body) hoist(statement, inner);
    for (const statement of node.body) c(statement, inner);
  },
  SwitchStatement(node, st, c) {
    c(node.discriminant, st);
    const statements = node.cases.flatMap(({ consequent }) => consequent);
    const inner = opensScope(statements) ? { ...st, scope: st.by.open(node, st.scope) } : st;
    for (const { test } of node.cases) if (test) c(test, inner);
    for (const statement of statements) hoist(statement, inner);
    for (const statement of statements) c(statement, inner);
  },
  CatchClause(node, st, c) {
    const inner = { ...st, scope: st.by.open(node, st.scope) };
    if (node.param) st.by.declarePattern(node.param, inner.scope, undefined, true);
    c(node.body, inner);
  },
  ImportDeclaration(node, { by, scope }) {
    for (const { local } of node.specifiers) by.declare(local.name, scope).assignments++;
  },
  VariableDeclaration(node, st, c) {
    const { by, scope } = st;
    const at = node.kind === "var" ? scope.fn.scope : scope;
    for (const { id, init } of node.declarations) {
      by.declarePattern(id, at, init ?? undefined);
      if (id.type === "Identifier" && init) {
        const object = at.variables.get(id.name)?.id as number;
        by.settle(init, { this: { kind: "object", object }, name: id.name, method: false });
      }
      if (id.type !== "Identifier") c(id, st);
      if (init) c(init, st);
    }
  },
  AssignmentExpression(node, st, c) {
    const { by, scope } = st;
    const left = bare(node.left);
    if (left.type === "Identifier") {
      by.assigned.push({ name: left.name, scope, right: node.operator === "=" ? node.right : node });
      by.settle(node.right, {
        this: { kind: "object", object: { name: left.name, scope } },
        name: left.name,
        method: false,
      });
    } else if (left.type === "MemberExpression") {
      const self = isPrototype(left) ? by.thisOf(left, scope) : by.thisOf(left.object, scope);
      by.settle(node.right, { this: self, name: propertyName(left), method: true });
    }
    c(node.left, st);
    c(node.right, st);
    findFacts(node, scope, by.survey.facts);
  },
  UpdateExpression(node, st, c) {
    if (node.argument.type === "Identifier") {
      st.by.assigned.push({ name: node.argument.name, scope: st.scope, right: node });
    }
    c(node.argument, st);
    findFacts(node, st.scope, st.by.survey.facts);
  },
  UnaryExpression(node, st, c) {
    c(node.argument, st);
    if (node.operator === "delete") findFacts(node, st.scope, st.by.survey.facts);
  },
  ExpressionStatement(node, st, c) {
    ignoreResult(node.expression, st.by.survey.ignored);
    c(node.expression, st);
    if (node.expression.type === "CallExpression") findFacts(node, st.scope, st.by.survey.facts);
  },
  ObjectExpression(node, st, c) {
    const { by } = st;
    const self = by.objects.get(node) ?? { kind: "object", object: by.nextId++ };
    for (const property of node.properties) {
      if (property.type === "Property") by.settle(property.value, { this: self, name: keyName(property), method: true });
      c(property, st);
    }
  },
  CallExpression(node, st, c) {
    const { by, scope } = st;
    const { facts } = by.survey;
    const callee = bare(node.callee);
    const name = nameOf(callee);
    by.mention(callee, node, scope);
    for (const argument of node.arguments) by.mention(argument, argument, scope);
    if (name === "bind" && callee.type === "MemberExpression") by.mention(callee.object, node, scope);
    if (name !== undefined && TIMERS.has(name)) {
      for (const argument of node.arguments) {
        if (argument.type === "ArrowFunctionExpression") ignoreResult(argument.body, by.survey.ignored);
      }
    }
    // `f.call(this)`, `f.bind(this)`, `__awaiter(this, …, function* () {})`
    if (node.arguments.some((argument) => argument.type === "ThisExpression")) {
      const home: Home = { this: { kind: "outer" }, name: undefined, method: false };
      if (callee.type === "MemberExpression") {
        const object = bare(callee.object);
        by.settle(object, home);
        if (object.type === "CallExpression") for (const inner of object.arguments) by.settle(inner, home);
      }
      for (const argument of node.arguments) by.settle(argument, home);
    }
    // `__awaiter(_this, void 0, void 0, function () {})`
    const [receiver] = node.arguments;
    if (node.arguments.length >= 4 && receiver?.type === "Identifier") {
      by.settle(node.arguments.at(-1), { this: by.thisOf(receiver, scope), name: undefined, method: false });
    }
    // `Object.assign(X.prototype, { … })`
    const [first, second] = node.arguments;
    if (name === "assign" && first && second?.type === "ObjectExpression") {
      by.objects.set(second, by.thisOf(first as AnyNode, scope));
    }
    c(node.callee, st);
    for (const argument of node.arguments) c(argument, st);
    findFacts(node, scope, facts);
  },
};

/** Walks a file once: its functions and scopes, and what may be a buffer that is filled or emptied. */
export function survey(program: Program): Survey {
  const by = new Surveyor(program);
  recursive(program, { scope: by.survey.module.scope, by }, VISITORS);
  return by.finish();
}
