import type { AnyNode, ArrayExpression, ObjectExpression, Program, Property } from "acorn";
import { base, type RecursiveVisitors } from "acorn-walk";
import { findFacts } from "./facts.js";
import { type Fn, type FunctionNode, lookup, type Scope, type This } from "./model.js";
import { writesPrivate } from "./private-fields.js";
import { type Home, isPrototype, nameOf, type Survey, Surveyor } from "./surveyor.js";
import { bare, isFunction, keyName, propertyName, TIMERS } from "./syntax.js";

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
    const inner =
      at?.type === "VariableDeclaration" && at.kind !== "var" ? { ...st, scope: st.by.open(node, st.scope) } : st;
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
    declared === undefined
      ? (by.survey.objects.get(node) ?? { kind: "object", object: by.nextId++ })
      : { kind: "object", object: declared };
  by.survey.objects.set(node, self);
  if (node.superClass) {
    by.survey.parents.push({ of: self, node: node.superClass, fn: scope.fn });
    c(node.superClass, st);
  }
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
      const fn: Fn = {
        node: member as never,
        parent: scope.fn,
        this: self,
        name: keyName(member),
        owner: undefined,
      } as never;
      fn.scope = { parent: scope, fn, variables: new Map() };
      by.survey.fns.set(member, fn);
      by.survey.scopes.set(member, fn.scope);
      c(value, { by, scope: fn.scope });
    }
  }
}) as never;

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

/** What Babel makes of the methods of a class. */
function methodsOf({ elements }: ArrayExpression, owner: AnyNode, { by, scope }: State): void {
  if (owner.type !== "Identifier") return;
  const self = by.thisOf(owner, scope);
  for (const element of elements) {
    if (element?.type !== "ObjectExpression") continue;
    const [key, value] = ["key", "value"].map((name) => partOf(element, name));
    if (key?.type !== "Literal" || typeof key.value !== "string" || !value || !isFunction(value)) continue;
    by.homes.set(value, { this: self, name: key.value, method: true });
  }
}

const partOf = ({ properties }: ObjectExpression, name: string): AnyNode | undefined =>
  properties.find((property): property is Property => property.type === "Property" && keyName(property) === name)
    ?.value;

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
      // `X.prototype = { … }`
      const whole = isPrototype(left);
      const self = by.thisOf(whole ? left : left.object, scope);
      by.settle(node.right, { this: self, name: propertyName(left), method: !whole });
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
    const self = by.survey.objects.get(node) ?? { kind: "object", object: by.nextId++ };
    by.survey.objects.set(node, self);
    for (const property of node.properties) {
      if (property.type === "Property" && !by.homes.has(property.value))
        by.settle(property.value, { this: self, name: keyName(property), method: true });
      c(property, st);
    }
  },
  NewExpression(node, st, c) {
    const [executor] = node.arguments;
    if (executor && node.callee.type === "Identifier" && node.callee.name.endsWith("Promise")) {
      st.by.survey.executors.add(executor);
    }
    c(node.callee, st);
    for (const argument of node.arguments) c(argument, st);
    const name = nameOf(bare(node.callee)) ?? "";
    const isOfNode = /^(?:Writable|Transform)$/.test(name);
    if (executor?.type !== "ObjectExpression" || !(isOfNode || name.endsWith("Stream"))) return;
    const methods = st.by.survey.objects.get(executor);
    if (methods?.kind !== "object") return;
    (isOfNode ? st.by.survey.writables : st.by.survey.streams).add(methods.object);
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
      by.survey.timed.push(node);
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
    // `_createClass(X, [{ key: "flush", value: function () {} }])`
    if (node.arguments[1]?.type === "ArrayExpression") methodsOf(node.arguments[1], node.arguments[0] as AnyNode, st);
    // `util.inherits(X, Y)`, `__extends(X, Y)`
    const [child, parent] = node.arguments;
    if (child?.type === "Identifier" && parent && /^_*(?:inherits|extends)(?:Loose)?$/.test(name ?? "")) {
      by.survey.parents.push({ of: by.thisOf(child, scope), node: parent, fn: scope.fn });
    }
    // `Object.assign(X.prototype, { … })`
    const [first, second] = node.arguments;
    if (name === "assign" && first && second?.type === "ObjectExpression") {
      by.survey.objects.set(second, by.thisOf(first as AnyNode, scope));
    }
    c(node.callee, st);
    for (const argument of node.arguments) c(argument, st);
    findFacts(writesPrivate(node) ?? node, scope, facts);
  },
};

const TABLE = { ...base, ...VISITORS } as Record<string, (node: AnyNode, st: State, c: typeof visit) => void>;

/** All kinds of nodes have a visitor here, so what acorn-walk takes them for makes no difference. */
function visit(node: AnyNode, st: State): void {
  TABLE[node.type]?.(node, st, visit);
}

/** Walks a file once: its functions and scopes, and what may be a buffer that is filled or emptied. */
export function survey(program: Program): Survey {
  const by = new Surveyor(program);
  visit(program, { scope: by.survey.module.scope, by });
  return by.finish();
}
