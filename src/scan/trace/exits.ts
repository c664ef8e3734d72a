import type { AnyNode, NewExpression, Statement } from "acorn";
import { simple } from "acorn-walk";
import { isWithin } from "../source/model.js";
import { bare, isFalsy, isFunction, propertyName } from "../source/syntax.js";
import { callsOut } from "./call-out.js";
import { type Condition, conditions, negated } from "./conditions.js";
import type { Doing } from "./step.js";
import type { Tracer } from "./tracer.js";
import { abrupt } from "./transpiled.js";

/** What a module is given or begins with and never changes: `types.SKIPPED_RESPONSE`. */
function isConstant(tracer: Tracer, node: AnyNode): boolean {
  if (node.type !== "MemberExpression" && node.type !== "Identifier") return false;
  const place = tracer.shared(node);
  if (place?.variable === undefined || place.variable.scope.fn !== tracer.source.survey.module) return false;
  if (place.path.length === 0 && place.variable.init?.type === "CallExpression") return false;
  return !tracer.source.isAssigned(place.key);
}

/** `new Promise((resolve) => resolve())` */
function settlesAtOnce({ callee, arguments: [executor] }: NewExpression): boolean {
  if (callee.type !== "Identifier" || !callee.name.endsWith("Promise") || !executor || !isFunction(executor))
    return false;
  const [resolve] = executor.params;
  let settles = false;
  let waits = false;
  simple(executor.body, {
    CallExpression({ callee: called }) {
      if (resolve?.type === "Identifier" && called.type === "Identifier" && called.name === resolve.name)
        settles = true;
      else waits = true;
    },
    Function() {
      waits = true;
    },
  });
  return settles && !waits;
}

/** Whether a callee is a function of the traced one that does no more than call the caller's back: `onFinish(null)`. */
function callsBack(tracer: Tracer, callee: AnyNode): boolean {
  if (callee.type !== "Identifier") return false;
  const fn = tracer.source.functionAt(callee, tracer.scope);
  if (fn === undefined || fn === tracer.root || !isWithin(fn, tracer.root) || !isFunction(fn.node)) return false;
  let says = false;
  let waits = false;
  simple(fn.node.body, {
    CallExpression({ callee: inner, arguments: args }) {
      const called = bare(inner);
      const its =
        called.type === "MemberExpression" && propertyName(called) === "call" ? bare(called.object as AnyNode) : called;
      if (its.type === "Identifier" && callsOut(tracer, its) === "caller") says = true;
      if (args.some(isFunction)) waits = true;
    },
    AwaitExpression() {
      waits = true;
    },
  });
  return says && !waits;
}

/** A value that gives whoever waits for it nothing to wait for. */
export function quietValue(tracer: Tracer, value: AnyNode): boolean {
  const node = bare(value);
  if (isConstant(tracer, node)) return true;
  if (isFalsy(node) || node.type === "Literal" || node.type === "TemplateLiteral") return true;
  if (node.type === "ArrayExpression")
    return node.elements.every(
      (element) => element !== null && element.type !== "SpreadElement" && quietValue(tracer, element),
    );
  if (node.type === "ObjectExpression") {
    return node.properties.every((property) => property.type === "Property" && quietValue(tracer, property.value));
  }
  if (node.type === "UnaryExpression") return quietValue(tracer, node.argument);
  if (node.type === "NewExpression") return settlesAtOnce(node);
  if (node.type !== "CallExpression") return false;
  const callee = bare(node.callee);
  if (callsBack(tracer, callee)) return true;
  if (callee.type !== "MemberExpression") {
    return (
      callee.type === "Identifier" &&
      /^(?:cb|callback|done|next|resolve|setImmediate|queueMicrotask)$/i.test(callee.name)
    );
  }
  const name = propertyName(callee);
  const object = bare(callee.object);
  if (object.type !== "Identifier") return false;
  if (name === "nextTick") return true;
  if (name !== "resolve") return false;
  return node.arguments.every((argument) => argument.type !== "SpreadElement" && quietValue(tracer, argument));
}

/** The end of a function as an exit: `if (!this.busy) { … }` with nothing behind it, or with no more than a quiet return. */
function tailExit(tracer: Tracer, node: AnyNode): AnyNode | undefined {
  const { node: fn } = tracer.frame.fn;
  if (node.type !== "IfStatement" || node.alternate || !isFunction(fn) || fn.body.type !== "BlockStatement")
    return undefined;
  // A promise is not settled where the function ends that was to settle it.
  if (tracer.source.survey.executors.has(fn)) return undefined;
  const { body } = fn.body;
  const index = body.indexOf(node);
  if (index < 0) return undefined;
  const next = body[index + 1];
  if (next === undefined) return body.at(-1) === node ? node.test : undefined;
  return next.type === "ReturnStatement" && next.argument && isQuietReturn(tracer, next.argument) ? next : undefined;
}

function statementsOf(node: Statement): readonly Statement[] {
  return node.type === "BlockStatement" ? node.body : [node];
}

/** Whether an arm waits for something, or uses a promise that is kept at a shared place. */
function waits(tracer: Tracer, node: AnyNode): boolean {
  let found = false;
  const yes = (): void => {
    found = true;
  };
  simple(node, {
    AwaitExpression: yes,
    YieldExpression: yes,
    ReturnStatement({ argument }) {
      if (argument && !isQuietReturn(tracer, argument)) found = true;
    },
    CallExpression({ callee }) {
      if (callee.type !== "MemberExpression") return;
      const name = propertyName(callee);
      // Somebody else is asked to.
      if (/^_*(?:flush|drain)/.test(name ?? "")) found = true;
      if (name === "then" || name === "finally" || name === "push" || name === "once" || name === "on") found = true;
    },
    NewExpression({ callee }) {
      // The caller is told.
      if (callee.type === "Identifier" && callee.name.endsWith("Error")) found = true;
    },
    AssignmentExpression({ left, right }) {
      // The call is remembered: `this.flushAgain = true`.
      if (left.type === "MemberExpression" && !isFalsy(right) && tracer.shared(left) !== undefined) found = true;
      if (left.type === "Identifier" && !isFalsy(right) && tracer.shared(left) !== undefined) found = true;
    },
  });
  return found;
}

const isQuietReturn = (tracer: Tracer, argument: AnyNode): boolean => {
  const value = bare(argument);
  const left = abrupt(value);
  if (left !== undefined) return left.every((given) => quietValue(tracer, given));
  // What `__generator` makes of `return;`
  const operation =
    value.type === "ArrayExpression" && value.elements[0]?.type === "Literal" && value.elements[0].value;
  if (value.type === "ArrayExpression" && typeof operation === "number") {
    return (
      operation === 2 &&
      (value.elements[1] === undefined || (value.elements[1] !== null && quietValue(tracer, value.elements[1])))
    );
  }
  return quietValue(tracer, value);
};

/** `return [3, 4]`, where state 4 does nothing but return: what `__generator` makes of an `if` that goes round all the rest. */
function jumpToEnd(tracer: Tracer, arm: AnyNode): AnyNode | undefined {
  const states = tracer.machines.at(-1)?.states;
  if (states === undefined || arm.type !== "ReturnStatement" || !arm.argument) return undefined;
  const operation = bare(arm.argument);
  if (operation.type !== "ArrayExpression") return undefined;
  const [kind, to] = operation.elements;
  if (kind?.type !== "Literal" || kind.value !== 3 || to?.type !== "Literal") return undefined;
  const [first] = states.find(({ test }) => test?.type === "Literal" && test.value === to.value)?.consequent ?? [];
  if (first?.type !== "ReturnStatement" || !first.argument) return undefined;
  return isQuietReturn(tracer, first.argument) ? arm : undefined;
}

/** The return behind an `if` that jumps to another state: `if (busy) { _context.n = 1; break; } return _context.a(2);` */
function behindJump(tracer: Tracer, node: AnyNode): AnyNode | undefined {
  const states = tracer.machines.at(-1)?.states;
  if (states === undefined || node.type !== "IfStatement" || node.alternate) return undefined;
  if (statementsOf(node.consequent).at(-1)?.type !== "BreakStatement") return undefined;
  const list = states.find(({ consequent }) => consequent.includes(node))?.consequent ?? [];
  const next = list[list.indexOf(node) + 1];
  return next?.type === "ReturnStatement" && next.argument && isQuietReturn(tracer, next.argument) ? next : undefined;
}

/** The return of an arm that ends the function with nothing to wait for. */
function quietReturn(tracer: Tracer, consequent: AnyNode | undefined): AnyNode | undefined {
  if (consequent === undefined || consequent.type.endsWith("Expression")) {
    return consequent !== undefined && quietValue(tracer, consequent) ? consequent : undefined;
  }
  const jump = jumpToEnd(tracer, consequent);
  if (jump !== undefined) return jump;
  const last = statementsOf(consequent as Statement).at(-1);
  if (last?.type !== "ReturnStatement" || (last.argument && !isQuietReturn(tracer, last.argument))) return undefined;
  return waits(tracer, consequent) ? undefined : last;
}

/** Where a branch returns early because a flush is under way or because there is nothing to send. */
export function exitsOf(
  tracer: Tracer,
  test: AnyNode,
  consequent: AnyNode | undefined,
  alternate: AnyNode | undefined,
  around?: AnyNode,
): { doing: Doing; at: AnyNode }[] {
  const exits: { doing: Doing; at: AnyNode }[] = [];
  const add = (found: readonly Condition[], exit: AnyNode): void => {
    for (const { kind, key, taken } of found) {
      if (kind === "empty") exits.push({ doing: { kind: "empty exit", key, exit, taken }, at: test });
      else if (kind === "truthy") exits.push({ doing: { kind: "busy exit", key, exit }, at: test });
    }
  };
  const found = conditions(tracer, test);
  if (found.length === 0) return [];
  const own = consequent?.type === "BlockStatement" ? consequent.body.at(-1) : consequent;
  if (own?.type === "ReturnStatement" && own.argument) {
    const place = tracer.shared(own.argument);
    const isKept = found.some(({ kind, key }) => kind === "truthy" && key === place?.key);
    if (place !== undefined && !place.partial && isKept)
      exits.push({ doing: { kind: "join exit", key: place.key, exit: own }, at: test });
  }
  const exit = quietReturn(tracer, consequent);
  if (exit !== undefined) add(found, exit);
  const otherwise =
    alternate === undefined && around !== undefined
      ? (tailExit(tracer, around) ?? behindJump(tracer, around))
      : quietReturn(tracer, alternate);
  if (otherwise !== undefined) add(negated(found), otherwise);
  return exits;
}
