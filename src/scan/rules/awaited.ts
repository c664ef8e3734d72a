import type { AnyNode } from "acorn";
import { full, simple } from "acorn-walk";
import { type Fn, isWithin, lookup } from "../source/model.js";
import { methodOf, type Recording, type Source } from "../source/source.js";
import { bare, CHAINS, contains, isFalsy, isFunction, propertyName } from "../source/syntax.js";
import type { Traced } from "./rule.js";

/** Whether an expression can only be a promise. */
export function isPromise(source: Source, value: AnyNode, fn: Fn, depth = 0): boolean {
  const node = bare(value);
  if (node.type === "ConditionalExpression") {
    return isPromise(source, node.consequent, fn, depth) || isPromise(source, node.alternate, fn, depth);
  }
  if (node.type === "Identifier") {
    const init = lookup(fn.scope, node.name)?.init;
    return init !== undefined && bare(init).type !== "Identifier" && isPromise(source, init, fn, depth);
  }
  if (node.type === "NewExpression") return node.callee.type === "Identifier" && node.callee.name.endsWith("Promise");
  if (node.type !== "CallExpression") return false;
  if (node.arguments.some((argument) => argument.type === "FunctionExpression" && argument.generator)) return true;
  // `__awaiter(this, void 0, void 0, function () { return __generator(…); })`, `(0, wrapPromise)(new Promise(…), callback)`
  if (
    node.arguments.length >= 4 &&
    (node.arguments[0]?.type === "ThisExpression" || isFalsy(node.arguments[1] as AnyNode))
  )
    return true;
  if (node.arguments.some((argument) => argument.type === "NewExpression" && isPromise(source, argument, fn, depth)))
    return true;
  const callee = bare(node.callee);
  if (callee.type === "MemberExpression") {
    if (CHAINS.has(propertyName(callee) ?? "")) return true;
    if (callee.object.type === "Identifier" && callee.object.name.endsWith("Promise")) return true;
  }
  const target = source.functionAt(callee, fn.scope);
  return target !== undefined && target !== fn && depth < 3 && isAwaitedMethod(source, target, depth + 1);
}

/** `this.flushed = new Promise(…)` */
export function makesPromise(node: AnyNode): boolean {
  const made = node.type === "AssignmentExpression" ? bare(node.right) : node;
  return made.type === "NewExpression" && made.callee.type === "Identifier" && made.callee.name.endsWith("Promise");
}

/** Returns of a function that are its own, not those of functions inside it. */
export function returnsOf(node: AnyNode): AnyNode[] {
  const found: AnyNode[] = [];
  const inner = new Set<AnyNode>();
  simple(node, {
    Function(fn) {
      if (fn !== node) inner.add(fn as AnyNode);
    },
    ReturnStatement({ argument }) {
      if (argument) found.push(argument);
    },
  });
  return found.filter((argument) => ![...inner].some((fn) => fn.start < argument.start && argument.end <= fn.end));
}

/** Whether a function gives a promise, or hands on what one of its own file gives. */
export function isAwaitedMethod(source: Source, fn: Fn, depth = 0): boolean {
  const { node } = fn;
  if (!isFunction(node)) return false;
  if (node.async) return true;
  if (node.body.type !== "BlockStatement") return isPromise(source, node.body, fn, depth);
  return returnsOf(node).some((argument) => isPromise(source, argument, fn, depth));
}

const isCallbackName = (name: string): boolean => /^(?:cb|callback|done)$/i.test(name);

/** Whether a function is given a callback that it hands on to whoever will have sent. */
function takesCallback({ node }: Fn): boolean {
  if (!isFunction(node)) return false;
  const names = node.params.flatMap((parameter) => {
    const at = parameter.type === "AssignmentPattern" ? parameter.left : parameter;
    return at.type === "Identifier" && isCallbackName(at.name) ? [at.name] : [];
  });
  if (names.length === 0) return false;
  const isCallback = (arg: AnyNode): boolean => arg.type === "Identifier" && names.includes(arg.name);
  let found = false;
  let kept = false;
  simple(node.body, {
    AssignmentExpression({ left, right }) {
      const value = right.type === "LogicalExpression" ? right.left : right;
      if (left.type === "MemberExpression" && isCallback(value)) found = true;
    },
    CallExpression({ callee, arguments: args }) {
      // Handed on to what will call it, not kept with others until all is done.
      if (/^(?:push|unshift|add|set)$/.test(propertyName(callee) ?? "")) kept ||= args.some(isCallback);
      else if (isCallback(bare(callee)) || args.some(isCallback)) found = true;
    },
  });
  return found && !kept;
}

/** Whether a function says by its form that callers can wait for what it does. */
export const canBeAwaited = (source: Source, fn: Fn): boolean => isAwaitedMethod(source, fn) || takesCallback(fn);

/** Whether a function of the caller's is told something, not asked for a promise: `send(items).then(…)`. */
const isTold = (source: Source, { end }: AnyNode): boolean =>
  !/^\s*\.(?:then|catch|finally)\b/.test(source.text.slice(end, end + 40));

/** Whether callers can wait for what a function does: it gives a promise or calls back. */
export function isAwaitable({ source, root, steps }: Traced): boolean {
  if (canBeAwaited(source, root)) return true;
  return (
    isFunction(root.node) &&
    steps.some((step) => step.kind === "call out" && step.whose === "caller" && isTold(source, step.node))
  );
}

/** Whether a function that is no method is more than declared and called: `return { record, flush }`. */
function isPassedOn({ name, owner, parent }: Fn, calls: number): boolean {
  if (owner !== undefined || name === undefined || parent === undefined) return false;
  let mentions = 0;
  full(parent.node, (node) => {
    if (node.type === "Identifier" && node.name === name) mentions++;
  });
  return mentions > calls + 1;
}

/** Names of what users call: one that only its own file calls is told apart by whether somebody would wait for it. */
const VERB =
  /flush|send|report|publish|export|upload|ship|submit|drain|close|stop|shutdown|end|sync|commit|write|save|push|log/i;

/**
 * Whether only this file calls a function, as far as its name tells, and never looks at what it gives.
 * @param recordings those of the buffer, where it is asked who can find that empty: not who has just filled it
 */
export function isIgnored(source: Source, root: Fn, recordings: readonly Recording[] = []): boolean {
  if (root.name === undefined) return true;
  const variable = root.owner === undefined && root.parent ? lookup(root.parent.scope, root.name) : undefined;
  const isPublic =
    root.owner === undefined
      ? variable !== undefined && source.exports.has(variable)
      : !/^[_#]/.test(root.name) && VERB.test(root.name);
  if (isPublic) return false;
  const calls = source.callsOf(root);
  if (calls.length === 0 || isPassedOn(root, calls.length)) return false;
  const told = takesCallback(root);
  return calls.every(
    ({ node, scope }) =>
      (source.survey.ignored.has(node) && !(told && handsOn(node))) ||
      isTimed(source, node) ||
      recordings.some(({ fn }) => isWithin(scope.fn, fn)),
  );
}

/** `setTimeout(flush, 1000)` */
const isTimed = ({ survey }: Source, node: AnyNode): boolean =>
  survey.timed.some((timer) => timer.type === "CallExpression" && timer.arguments.some((given) => given === node));

/** Whether a call is given somebody's callback, or one that goes on by itself. */
const handsOn = (node: AnyNode): boolean =>
  node.type === "CallExpression" &&
  node.arguments.some(
    (argument) => isFunction(argument) || (argument.type === "Identifier" && isCallbackName(argument.name)),
  );

/** Whether somebody waits for what a function does, and could be told too early that it is done. */
export function canBeLeftEarly(traced: Traced): boolean {
  const { source, root, steps } = traced;
  const exits = steps.some(({ kind }) => kind === "busy exit" || kind === "empty exit");
  return exits && isAwaitable(traced) && !isIgnored(source, root) && !isSerialised(source, root);
}

const chains = new WeakMap<Source, readonly AnyNode[]>();

/** What is made of promises that are kept: `this.pending = this.pending.then(() => this.drain())`. */
function chainsIn(source: Source): readonly AnyNode[] {
  const known = chains.get(source);
  if (known !== undefined) return known;
  const found = [...source.facts.values()].flatMap((fact) => {
    const given = fact.kind === "remake" ? fact.call : fact.kind === "assign" ? bare(fact.value) : undefined;
    const init = given?.type === "Identifier" ? lookup(fact.scope, given.name)?.init : undefined;
    const value = init === undefined ? given : bare(init);
    return value?.type === "CallExpression" && CHAINS.has(propertyName(bare(value.callee)) ?? "") ? [value] : [];
  });
  chains.set(source, found);
  return found;
}

/** Whether a function is only called where the last call is over, or by functions of which that is so. */
export function isSerialised(source: Source, root: Fn, seen: readonly Fn[] = []): boolean {
  if (seen.includes(root)) return true;
  const calls = source.callsOf(root);
  return (
    calls.length > 0 &&
    calls.every(({ node, scope }) => {
      if (chainsIn(source).some((chain) => contains(chain, node))) return true;
      const caller = methodOf(scope.fn);
      return caller !== root && seen.length < 3 && isSerialised(source, caller, [...seen, root]);
    })
  );
}
