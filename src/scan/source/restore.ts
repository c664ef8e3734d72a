import type { AnyNode, CallExpression, Expression, Program, Statement } from "acorn";
import { simple } from "acorn-walk";
import type { FunctionNode } from "./model.js";
import { nameOf } from "./surveyor.js";
import { bare, isFunction } from "./syntax.js";

/** Names of what Babel, SWC and esbuild make of async functions and class fields. */
const COMPILED = /asyncToGenerator|async_to_generator|__publicField|_defineProperty|_define_property/;
const TO_ASYNC = /async_?to_?generator\d*$/i;

/** What makes a state machine of a generator: `_regenerator().w`, `regeneratorRuntime.wrap`, `_ts_generator`. */
const MACHINE = /^(?:w|wrap|_*ts_generator)$/;

const statementsOf = ({ body }: FunctionNode): Statement[] => (body.type === "BlockStatement" ? body.body : []);

const returnedBy = (statement: Statement | undefined): AnyNode | undefined =>
  statement?.type === "ReturnStatement" && statement.argument ? bare(statement.argument) : undefined;

/** Takes the body of a state machine out of the call that runs it. */
function flatten(fn: FunctionNode): void {
  const statements = statementsOf(fn);
  const call = returnedBy(statements.at(-1));
  if (call?.type !== "CallExpression" || !MACHINE.test(nameOf(bare(call.callee)) ?? "")) return;
  const states = call.arguments.find((argument) => argument.type === "FunctionExpression");
  if (states?.type === "FunctionExpression") statements.splice(-1, 1, ...states.body.body);
}

/** The function that `_asyncToGenerator(function* () {})` was, whatever has become of the generator. */
function asyncOf(node: AnyNode): FunctionNode | undefined {
  const call = bare(node);
  if (call.type !== "CallExpression") return undefined;
  const callee = bare(call.callee);
  // `(0, _asyncToGenerator2.default)`
  const name = nameOf(callee) === "default" && callee.type === "MemberExpression" ? callee.object : callee;
  if (!TO_ASYNC.test(nameOf(name as AnyNode) ?? "")) return undefined;
  let [fn] = call.arguments as AnyNode[];
  if (fn?.type === "CallExpression") fn = fn.arguments[0];
  if (fn === undefined || !isFunction(fn)) return undefined;
  Object.assign(fn, { async: true, generator: false });
  flatten(fn);
  return fn;
}

/** What `f.apply(this, arguments)` and `f.call(this)` call. */
function passedTo(node: AnyNode | undefined): AnyNode | undefined {
  const callee = node?.type === "CallExpression" ? bare(node.callee) : undefined;
  if (callee?.type !== "MemberExpression" || !/^(?:apply|call)$/.test(nameOf(callee) ?? "")) return undefined;
  return callee.object;
}

/** `(function () { var _flush = _asyncToGenerator(…); return function flush() { return _flush.apply(this, arguments); }; })()` */
function methodOf({ callee }: CallExpression): FunctionNode | undefined {
  const maker = bare(callee);
  const [first] = isFunction(maker) ? statementsOf(maker) : [];
  if (first?.type !== "VariableDeclaration") return undefined;
  const init = first.declarations[0]?.init;
  if (init && isFunction(init)) return init.async ? init : undefined;
  return init ? asyncOf(init) : undefined;
}

function asWritten(value: AnyNode | null | undefined): Expression | undefined {
  const node = value ? bare(value) : undefined;
  return node?.type === "CallExpression" ? ((asyncOf(node) ?? methodOf(node)) as Expression | undefined) : undefined;
}

/** `function flush() { return _flush.apply(this, arguments); }`, beside a `_flush` that becomes the async function. */
function restoreBody(fn: FunctionNode, named: ReadonlyMap<string, FunctionNode>): void {
  const [only, ...more] = statementsOf(fn);
  const target = more.length === 0 ? passedTo(returnedBy(only)) : undefined;
  if (target === undefined) return;
  const own = bare(target);
  const inner = own.type === "Identifier" ? named.get(own.name) : asyncOf(own);
  if (inner === undefined || inner === fn) return;
  const { body, params } = inner;
  Object.assign(fn, { async: true, body, params: params.length > 0 ? params : fn.params });
  // A body has one function.
  Object.assign(inner, { body: { ...body, type: "BlockStatement", body: [] } });
}

/** What compilers make of class fields: `__publicField(this, "queue", [])`, `_defineProperty(this, "queue", [])`. */
const DEFINES = /^_*(?:publicField|define_?property)\d*$/i;

/** Makes `this.queue = []` of a call that defines a field. */
function restoreField(call: CallExpression): void {
  const [object, name, right] = call.arguments;
  const callee = bare(call.callee);
  const helper = nameOf(callee) === "default" && callee.type === "MemberExpression" ? callee.object : callee;
  if (call.arguments.length !== 3 || !DEFINES.test(nameOf(helper as AnyNode) ?? "")) return;
  const isThis = object?.type === "ThisExpression" || object?.type === "Identifier";
  if (!isThis || name?.type !== "Literal" || typeof name.value !== "string") return;
  const { start, end } = name;
  const property = { type: "Identifier", name: name.value, start, end };
  const left = { type: "MemberExpression", object, property, computed: false, optional: false, start, end };
  Object.assign(call, { type: "AssignmentExpression", operator: "=", left, right });
}

/** Gives async functions and class fields that were compiled the form that they were written in. */
export function restore(program: Program, text: string): void {
  if (!COMPILED.test(text)) return;
  const named = new Map<string, FunctionNode>();
  const functions: FunctionNode[] = [];
  const put = (holder: AnyNode, key: "value" | "right" | "init"): void => {
    const written = asWritten((holder as unknown as Record<string, AnyNode | null>)[key]);
    if (written !== undefined) Object.assign(holder, { [key]: written });
  };
  simple(program, {
    Property: (node) => put(node, "value"),
    PropertyDefinition: (node) => put(node, "value"),
    VariableDeclarator: (node) => put(node, "init"),
    AssignmentExpression(node) {
      put(node, "right");
      if (node.left.type === "Identifier" && isFunction(node.right)) named.set(node.left.name, node.right);
    },
    CallExpression: restoreField,
    Function: (node) => void functions.push(node as FunctionNode),
  });
  for (const fn of functions) restoreBody(fn, named);
}
