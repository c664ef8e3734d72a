import type { AnyNode, MethodDefinition, Program, PropertyDefinition } from "acorn";
import { base, type RecursiveVisitors } from "acorn-walk";
import { noteCall, settleDescribed } from "./call-notes.js";
import { findFacts } from "./facts.js";
import { ignoreResult } from "./ignored.js";
import { type Fn, type FunctionNode, lookup, type Scope, type This } from "./model.js";
import { writesPrivate } from "./private-fields.js";
import { noteStream } from "./stream-notes.js";
import { isPrototype, type Survey, Surveyor } from "./surveyor.js";
import { bare, isFunction, keyName, propertyName } from "./syntax.js";

const opensScope = (statements: readonly AnyNode[]): boolean =>
  statements.some(
    (node) =>
      node.type === "ClassDeclaration" ||
      node.type === "FunctionDeclaration" ||
      (node.type === "VariableDeclaration" && node.kind !== "var"),
  );

type State = { scope: Scope; surveyor: Surveyor };
type ClassNode = Extract<AnyNode, { type: "ClassDeclaration" | "ClassExpression" }>;
type VisitChild = (node: AnyNode, state: State) => void;

const forLoop = (head: "init" | "left") =>
  ((node: AnyNode, state: State, visitChild: VisitChild) => {
    const at = (node as unknown as Record<string, AnyNode | null>)[head];
    const inner =
      at?.type === "VariableDeclaration" && at.kind !== "var"
        ? { ...state, scope: state.surveyor.open(node, state.scope) }
        : state;
    for (const part of ["init", "left", "right", "test", "update", "body"]) {
      const child = (node as unknown as Record<string, AnyNode | null | undefined>)[part];
      if (child) visitChild(child, inner);
    }
    findFacts(node, inner.scope, state.surveyor.survey.facts);
  }) as never;

const visitFunction = ((node: FunctionNode, state: State, visitChild: VisitChild) => {
  const { surveyor } = state;
  const inner = { surveyor, scope: surveyor.enter(node, state.scope) };
  for (const parameter of node.params) visitChild(parameter, inner);
  if (node.body.type === "BlockStatement") {
    for (const statement of node.body.body) hoist(statement, inner);
    for (const statement of node.body.body) visitChild(statement, inner);
  } else visitChild(node.body, inner);
}) as never;

/** Function declarations can be used before them. */
function hoist(statement: AnyNode, { surveyor, scope }: State): void {
  const node =
    statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration"
      ? statement.declaration
      : statement;
  if (node?.type === "FunctionDeclaration" && node.id) {
    const { id } = surveyor.declare(node.id.name, scope, node);
    surveyor.homes.set(node, { this: { kind: "object", object: id }, name: node.id.name, method: false });
  } else if (node?.type === "ClassDeclaration" && node.id) surveyor.declare(node.id.name, scope, node);
}

const visitClass = ((node: AnyNode, state: State, visitChild: VisitChild) => {
  if (node.type !== "ClassDeclaration" && node.type !== "ClassExpression") return;
  const { surveyor, scope } = state;
  const self = thisIn(node, state);
  surveyor.survey.objects.set(node, self);
  if (node.superClass) {
    surveyor.survey.parents.push({ of: self, node: node.superClass, fn: scope.fn });
    visitChild(node.superClass, state);
  }
  for (const member of node.body.body) {
    if (member.type === "StaticBlock") {
      visitChild(member, state);
      continue;
    }
    if (member.computed) visitChild(member.key, state);
    const { value } = member;
    if (!value) continue;
    surveyor.settle(value, { this: self, name: keyName(member), method: true });
    if (isFunction(value) && value.type !== "ArrowFunctionExpression") visitChild(value, state);
    else visitChild(value, { surveyor, scope: openField(member, self, state) });
  }
}) as never;

function thisIn(node: ClassNode, { surveyor, scope }: State): This {
  const declared = node.id && node.type === "ClassDeclaration" ? lookup(scope, node.id.name)?.id : undefined;
  if (declared !== undefined) return { kind: "object", object: declared };
  return surveyor.survey.objects.get(node) ?? { kind: "object", object: surveyor.nextId++ };
}

/** A field is initialised with `this` being the instance. */
function openField(member: MethodDefinition | PropertyDefinition, self: This, { surveyor, scope }: State): Scope {
  const fn = { node: member, parent: scope.fn, this: self, name: keyName(member), owner: undefined } as unknown as Fn;
  fn.scope = { parent: scope, fn, variables: new Map() };
  surveyor.survey.fns.set(member, fn);
  surveyor.survey.scopes.set(member, fn.scope);
  return fn.scope;
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
  Program(node, state, visitChild) {
    for (const statement of node.body) hoist(statement, state);
    for (const statement of node.body) visitChild(statement, state);
  },
  BlockStatement(node, state, visitChild) {
    const inner = opensScope(node.body) ? { ...state, scope: state.surveyor.open(node, state.scope) } : state;
    for (const statement of node.body) hoist(statement, inner);
    for (const statement of node.body) visitChild(statement, inner);
  },
  SwitchStatement(node, state, visitChild) {
    visitChild(node.discriminant, state);
    const statements = node.cases.flatMap(({ consequent }) => consequent);
    const inner = opensScope(statements) ? { ...state, scope: state.surveyor.open(node, state.scope) } : state;
    for (const { test } of node.cases) if (test) visitChild(test, inner);
    for (const statement of statements) hoist(statement, inner);
    for (const statement of statements) visitChild(statement, inner);
  },
  CatchClause(node, state, visitChild) {
    const inner = { ...state, scope: state.surveyor.open(node, state.scope) };
    if (node.param) state.surveyor.declarePattern(node.param, inner.scope, undefined, true);
    visitChild(node.body, inner);
  },
  ImportDeclaration(node, { surveyor, scope }) {
    for (const { local } of node.specifiers) surveyor.declare(local.name, scope).assignments++;
  },
  VariableDeclaration(node, state, visitChild) {
    const { surveyor, scope } = state;
    const at = node.kind === "var" ? scope.fn.scope : scope;
    for (const { id, init } of node.declarations) {
      surveyor.declarePattern(id, at, init ?? undefined);
      if (id.type === "Identifier" && init) {
        const object = at.variables.get(id.name)?.id as number;
        surveyor.settle(init, { this: { kind: "object", object }, name: id.name, method: false });
      }
      if (id.type !== "Identifier") visitChild(id, state);
      if (init) visitChild(init, state);
    }
  },
  AssignmentExpression(node, state, visitChild) {
    const { surveyor, scope } = state;
    const left = bare(node.left);
    if (left.type === "Identifier") {
      surveyor.assigned.push({ name: left.name, scope, right: node.operator === "=" ? node.right : node });
      surveyor.settle(node.right, {
        this: { kind: "object", object: { name: left.name, scope } },
        name: left.name,
        method: false,
      });
    } else if (left.type === "MemberExpression") {
      // `X.prototype = { … }`
      const whole = isPrototype(left);
      const self = surveyor.thisOf(whole ? left : left.object, scope);
      surveyor.settle(node.right, { this: self, name: propertyName(left), method: !whole });
      // `X.prototype = Object.create(Y.prototype, { … })`
      const made = bare(node.right);
      const [, descriptors] = made.type === "CallExpression" ? made.arguments : [];
      if (whole && descriptors) settleDescribed(descriptors, self, surveyor);
    }
    visitChild(node.left, state);
    visitChild(node.right, state);
    findFacts(node, scope, surveyor.survey.facts);
  },
  UpdateExpression(node, state, visitChild) {
    if (node.argument.type === "Identifier") {
      state.surveyor.assigned.push({ name: node.argument.name, scope: state.scope, right: node });
    }
    visitChild(node.argument, state);
    findFacts(node, state.scope, state.surveyor.survey.facts);
  },
  UnaryExpression(node, state, visitChild) {
    visitChild(node.argument, state);
    if (node.operator === "delete") findFacts(node, state.scope, state.surveyor.survey.facts);
  },
  ExpressionStatement(node, state, visitChild) {
    ignoreResult(node.expression, state.surveyor.survey.ignored);
    visitChild(node.expression, state);
    if (node.expression.type === "CallExpression") findFacts(node, state.scope, state.surveyor.survey.facts);
  },
  ObjectExpression(node, state, visitChild) {
    const { surveyor } = state;
    const self = surveyor.survey.objects.get(node) ?? { kind: "object", object: surveyor.nextId++ };
    surveyor.survey.objects.set(node, self);
    for (const property of node.properties) {
      if (property.type === "Property" && !surveyor.homes.has(property.value))
        surveyor.settle(property.value, { this: self, name: keyName(property), method: true });
      visitChild(property, state);
    }
  },
  NewExpression(node, state, visitChild) {
    const [executor] = node.arguments;
    if (executor && node.callee.type === "Identifier" && node.callee.name.endsWith("Promise")) {
      state.surveyor.survey.executors.add(executor);
    }
    visitChild(node.callee, state);
    for (const argument of node.arguments) visitChild(argument, state);
    noteStream(node, state.surveyor);
  },
  CallExpression(node, state, visitChild) {
    const { surveyor, scope } = state;
    noteCall(node, scope, surveyor);
    visitChild(node.callee, state);
    for (const argument of node.arguments) visitChild(argument, state);
    noteStream(node, surveyor);
    findFacts(writesPrivate(node) ?? node, scope, surveyor.survey.facts);
  },
};

const TABLE = { ...base, ...VISITORS } as Record<string, (node: AnyNode, state: State, visitChild: VisitChild) => void>;

/** All kinds of nodes have a visitor here, so what acorn-walk takes them for makes no difference. */
function visit(node: AnyNode, state: State): void {
  TABLE[node.type]?.(node, state, visit);
}

/** Walks a file once: its functions and scopes, and what may be a buffer that is filled or emptied. */
export function survey(program: Program): Survey {
  const surveyor = new Surveyor(program);
  visit(program, { scope: surveyor.survey.module.scope, surveyor });
  return surveyor.finish();
}
