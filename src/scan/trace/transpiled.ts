import type { AnyNode, ReturnStatement, SwitchStatement } from "acorn";
import { bare, propertyName } from "../source/syntax.js";
import { waitFor } from "./effects.js";
import type { Step } from "./step.js";
import type { Tracer } from "./tracer.js";

/** The number that TypeScript's `__generator` gives an operation: 4 is yield, 2 return, 3 break. */
function operation(node: ReturnStatement): number | undefined {
  const argument = node.argument && bare(node.argument);
  if (argument?.type !== "ArrayExpression" || argument.elements.length === 0) return undefined;
  const [first] = argument.elements;
  return first?.type === "Literal" && typeof first.value === "number" ? first.value : undefined;
}

/** `switch (_a.label)`, `switch (_context.prev = _context.next)`: the parts of an async function, one after the other. */
function isStateMachine({ discriminant, cases }: SwitchStatement): boolean {
  const head = discriminant.type === "AssignmentExpression" ? bare(discriminant.right) : bare(discriminant);
  const name = propertyName(head);
  return cases.length > 0 && (name === "label" || name === "next" || name === "n");
}

const isContext = (node: AnyNode): boolean =>
  node.type === "MemberExpression" && bare(node.object).type === "Identifier";

/** The statement that tells a state machine where to go on, right before it returns what it waits for. */
function nextState(statement: AnyNode | undefined): boolean {
  if (statement?.type !== "ExpressionStatement") return false;
  const expression = bare(statement.expression);
  if (expression.type !== "AssignmentExpression" || expression.left.type !== "MemberExpression") return false;
  const name = propertyName(expression.left);
  return isContext(expression.left) && (name === "next" || name === "n") && expression.right.type === "Literal";
}

/** What regenerator makes of `return value;`: `return _context.a(2, value)`, `return _context.abrupt("return", value)`. */
export function abrupt(node: AnyNode): readonly AnyNode[] | undefined {
  if (node.type !== "CallExpression" || !/^(?:a|abrupt)$/.test(propertyName(node.callee) ?? "")) return undefined;
  const [kind, ...value] = node.arguments;
  return kind?.type === "Literal" && (kind.value === 2 || kind.value === "return") ? (value as AnyNode[]) : undefined;
}

/** Takes a `return` of a state machine for the await or return that it was; returns whether it was one. */
export function downlevelWait(tracer: Tracer, node: ReturnStatement): boolean {
  const which = operation(node);
  const frame = tracer.machines.at(-1);
  if (frame === undefined) return false;
  const given = node.argument ? abrupt(bare(node.argument)) : undefined;
  if (given !== undefined) {
    for (const value of given) tracer.visit(value);
    tracer.frame.returns.push(...tracer.cursor);
    tracer.cursor = [];
    return true;
  }
  if (which !== undefined && node.argument) {
    const array = bare(node.argument);
    const value = array.type === "ArrayExpression" ? array.elements[1] : undefined;
    if (which === 4) {
      waitFor(tracer, value, node);
      return true;
    }
    // A jump: what follows is another state.
    if (which === 3) return true;
    if (which === 2) {
      if (value) tracer.visit(value as AnyNode);
      tracer.frame.returns.push(...tracer.cursor);
      tracer.cursor = [];
      return true;
    }
    return false;
  }
  if (frame.waits.has(node)) {
    waitFor(tracer, node.argument, node);
    return true;
  }
  return false;
}

export function visitSwitch(tracer: Tracer, node: SwitchStatement): void {
  if (isStateMachine(node)) {
    const waits = new Set<AnyNode>();
    for (const { consequent } of node.cases) {
      consequent.forEach((statement, index) => {
        if (statement.type === "ReturnStatement" && nextState(consequent[index - 1])) waits.add(statement);
      });
    }
    tracer.machines.push({ waits, states: node.cases });
    tracer.breaks.push([]);
    for (const { consequent } of node.cases) {
      const ended = tracer.cursor;
      const jumped = tracer.breaks.at(-1) as Step[];
      const since = jumped.length;
      for (const statement of consequent) tracer.visit(statement);
      // Another state can be jumped to from before.
      if (tracer.cursor.length === 0) tracer.cursor = [...new Set([...ended, ...jumped.slice(since)])];
    }
    tracer.cursor = [...new Set([...tracer.cursor, ...(tracer.breaks.pop() as Step[])])];
    tracer.machines.pop();
    return;
  }
  tracer.visit(node.discriminant, "test");
  const start = tracer.cursor;
  tracer.breaks.push([]);
  let through: Step[] = [];
  for (const { test, consequent } of node.cases) {
    if (test) tracer.visit(test, "test");
    tracer.cursor = [...new Set([...start, ...through])];
    for (const statement of consequent) tracer.visit(statement);
    through = tracer.cursor;
  }
  tracer.cursor = [...new Set([...start, ...through, ...(tracer.breaks.pop() as Step[])])];
}
