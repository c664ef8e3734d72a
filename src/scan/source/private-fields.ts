import type { AnyNode, AssignmentExpression, CallExpression, Expression, MemberExpression } from "acorn";

/** What compilers call their helpers: `__classPrivateFieldGet` of TypeScript, `_classPrivateFieldGet2` of Babel, `__privateGet` of esbuild. */
const READS = /[pP]rivate(?:Field)?Get\d*$/;
const WRITES = /[pP]rivate(?:Field)?(?:Set|InitSpec)\d*$/;

const members = new WeakMap<AnyNode, MemberExpression>();
const assignments = new WeakMap<AnyNode, AssignmentExpression>();

function helperOf({ callee }: CallExpression): string | undefined {
  const last = callee.type === "SequenceExpression" ? callee.expressions.at(-1) : callee;
  if (last?.type === "Identifier") return last.name;
  return last?.type === "MemberExpression" && last.property.type === "Identifier" ? last.property.name : undefined;
}

/** `this.#queue` of the object and the name that a helper is given. */
function memberOf({ arguments: given, start, end }: CallExpression): MemberExpression | undefined {
  // Babel has turned them round.
  const [object, name] = given[1]?.type === "ThisExpression" ? given.slice(0, 2).reverse() : given;
  if (object === undefined || object.type === "SpreadElement" || name?.type !== "Identifier") return undefined;
  const property = { type: "PrivateIdentifier", name: name.name, start: name.start, end: name.end } as const;
  return { type: "MemberExpression", object, property, computed: false, optional: false, start, end };
}

/** The object of `_classPrivateFieldLooseBase(this, _queue)[_queue]`, which is `this.#queue` by Babel's loose way. */
export function looseBase(node: AnyNode): AnyNode | undefined {
  return node.type === "CallExpression" && helperOf(node)?.endsWith("PrivateFieldLooseBase")
    ? node.arguments[0]
    : undefined;
}

/** The private field that a call reads, where a compiler has made a call of it: `this.#queue`. */
export function readsPrivate(call: CallExpression): MemberExpression | undefined {
  if (call.arguments.length < 2 || !READS.test(helperOf(call) ?? "")) return undefined;
  // `"m"`: a method.
  const [, , kind] = call.arguments;
  if (kind?.type === "Literal" && kind.value !== "f") return undefined;
  const known = members.get(call);
  if (known !== undefined) return known;
  const made = memberOf(call);
  if (made !== undefined) members.set(call, made);
  return made;
}

/** The assignment to a private field that a compiler has made a call of: `this.#queue = []`. */
export function writesPrivate(call: CallExpression): AssignmentExpression | undefined {
  if (call.arguments.length < 3 || !WRITES.test(helperOf(call) ?? "")) return undefined;
  const known = assignments.get(call);
  if (known !== undefined) return known;
  const left = memberOf(call);
  const right = call.arguments[2] as Expression;
  if (left === undefined || call.arguments[2]?.type === "SpreadElement") return undefined;
  const made: AssignmentExpression = { ...call, type: "AssignmentExpression", operator: "=", left, right };
  assignments.set(call, made);
  return made;
}
