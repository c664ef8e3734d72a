import type { AnyNode, CallExpression } from "acorn";
import { simple } from "acorn-walk";
import { type Fn, lookup } from "../source/model.js";
import { placeOf } from "../source/places.js";
import { methodOf, type Source } from "../source/source.js";
import { nameOf } from "../source/surveyor.js";
import { bare, isFunction, TIMERS } from "../source/syntax.js";
import { keyOf, reached } from "./closings.js";
import type { Rule } from "./rule.js";
import { isClose } from "./stopped-unsent.js";

/** What makes a connection, and how one of it is cut off: with what has been written to it and is not sent yet. */
const KINDS = [
  // A datagram is sent when its host has been looked up, an address too.
  { made: /^createSocket$/, closes: "close", writes: ["send"], isSlow: (call: CallExpression) => givesHost(call) },
  { made: /^(?:createConnection|connect)$/, closes: "destroy", writes: ["write"], isSlow: () => true },
  // A client of redis has `quit` to wait for what it is asked.
  { made: /^createClient$/, closes: "end", writes: ["lpush", "rpush", "publish", "xadd"], isSlow: () => true },
] as const;

/** `socket.send(message, port, host)`, `socket.send(buffer, 0, length, port, host)` */
const givesHost = ({ arguments: args }: CallExpression): boolean =>
  args.filter((argument) => !isFunction(argument)).length >= 3;

const CALLBACK = /^(?:_*(?:cb|callback|done|next))$/i;

/** Names of the callbacks that a function and those around it are given. */
function callbacksAround(fn: Fn): string[] {
  const own = isFunction(fn.node) ? fn.node.params : [];
  const names = own.flatMap((at) => (at.type === "Identifier" && CALLBACK.test(at.name) ? [at.name] : []));
  return fn.parent === undefined ? names : [...names, ...callbacksAround(fn.parent)];
}

/** Whether who records is told when it is sent. A logger that calls a transport tells nobody. */
function isTold(source: Source, { arguments: args }: CallExpression, fn: Fn): boolean {
  if (/\bwinston\b/.test(source.text) && source.survey.parents.length > 0) return false;
  const text = args.map(({ start, end }) => source.text.slice(start, end)).join(" ");
  return callbacksAround(fn).some((name) => new RegExp(`(?<![\\w$.])${name}\\b`).test(text));
}

/** Methods that users end a client by, and not one that is there to throw away. */
const isEnd = (fn: Fn): boolean => isClose(fn) && !/^(?:destroy|dispose)/.test(fn.name ?? "");

/** Words for what has been written and is not sent yet. */
const COUNTS = /pending|in_?flight|outstanding|unsent|writableLength|bufferSize|writing|remaining/i;

/** What a local variable may stand for: `socket = this.ephemeral || this.shared`. */
function isPassing(source: Source, callee: AnyNode, { scope }: Fn, key: string): boolean {
  const at = bare(callee);
  const object = at.type === "MemberExpression" ? bare(at.object) : undefined;
  const variable = object?.type === "Identifier" ? lookup(scope, object.name) : undefined;
  if (variable === undefined || variable.init !== undefined || variable.scope.fn !== scope.fn) return false;
  const { node } = scope.fn;
  const index = isFunction(node)
    ? node.params.findIndex((given) => given.type === "Identifier" && given.name === variable.name)
    : -1;
  // `post(socket, line)`
  return (
    index < 0 ||
    source.callsOf(scope.fn).some(({ node: call, scope: around }) => {
      const given = call.type === "CallExpression" ? call.arguments[index] : undefined;
      return given !== undefined && placeOf(given as AnyNode, around)?.key === key;
    })
  );
}

/** Whether a place is given a connection of a kind. */
const isMade = (source: Source, key: string, made: RegExp): boolean =>
  [...source.facts.values()].some(
    (fact) =>
      fact.at.key === key &&
      ((fact.kind === "remake" && made.test(nameOf(bare(fact.call.callee)) ?? "")) ||
        (fact.kind === "assign" && makes(bare(fact.value), made))),
  ) || isDeclared(source, key, made);

/** `options.client || redis.createClient()` */
function makes(node: AnyNode, made: RegExp): boolean {
  if (node.type === "LogicalExpression") return makes(bare(node.right), made);
  if (node.type === "ConditionalExpression")
    return makes(bare(node.consequent), made) || makes(bare(node.alternate), made);
  return node.type === "CallExpression" && made.test(nameOf(bare(node.callee)) ?? "");
}

/** `const socket = dgram.createSocket("udp4")` */
function isDeclared({ survey }: Source, key: string, made: RegExp): boolean {
  for (const fn of survey.fns.values())
    for (const { id, init } of fn.scope.variables.values()) {
      const call = `${id}` === key && init !== undefined ? bare(init) : undefined;
      if (call?.type === "CallExpression" && made.test(nameOf(bare(call.callee)) ?? "")) return true;
    }
  return false;
}

/** Where something is written to a connection that takes a while to send. */
function writtenTo(
  source: Source,
  key: string,
  { writes, isSlow }: (typeof KINDS)[number],
): CallExpression | undefined {
  for (const { node, callee, scope } of writes.flatMap((name) => source.survey.calls.get(name) ?? [])) {
    if (node.type !== "CallExpression" || bare(callee).type !== "MemberExpression" || !isSlow(node)) continue;
    const isIts = keyOf(callee, scope.fn) === key || isPassing(source, callee, scope.fn, key);
    if (isIts && !isClose(methodOf(scope.fn)) && !isTold(source, node, scope.fn)) return node;
  }
  return undefined;
}

/** Whether a function waits for something, or asks what is still to be sent. */
function looksAfter(source: Source, { node }: Fn, closes: string): boolean {
  let waits = false;
  simple(node as AnyNode, {
    AwaitExpression() {
      waits = true;
    },
    YieldExpression() {
      waits = true;
    },
    NewExpression({ callee }) {
      waits ||= nameOf(callee) === "Promise";
    },
    CallExpression({ callee, arguments: args }) {
      const name = nameOf(bare(callee)) ?? "";
      // `socket.end(() => socket.destroy())`
      waits ||=
        (name === "end" && closes !== name) ||
        name === "then" ||
        (TIMERS.has(name) && args.some((at) => isFunction(at)));
    },
  });
  return waits || COUNTS.test(source.text.slice(node.start, node.end));
}

/** Whether a call is made in a callback of another one, which is called when something is over. */
function isInCallback({ node }: Fn, call: CallExpression): boolean {
  let found = false;
  simple(node as AnyNode, {
    CallExpression({ callee, arguments: args }) {
      if (nameOf(bare(callee)) === "forEach") return;
      found ||= args.some((at) => isFunction(at) && at.start < call.start && call.end < at.end);
    },
  });
  return found;
}

/** The connection that a method cuts off, and what is written to it elsewhere. */
function cutOff(source: Source, root: Fn): { key: string; call: CallExpression; written: CallExpression } | undefined {
  const fns = [...reached(source, root)];
  for (const kind of KINDS) {
    if (fns.some((fn) => looksAfter(source, fn, kind.closes))) continue;
    for (const { node, callee, scope } of source.survey.calls.get(kind.closes) ?? []) {
      const fn = methodOf(scope.fn);
      if (node.type !== "CallExpression" || !fns.includes(fn) || isInCallback(fn, node)) continue;
      const key = keyOf(callee, scope.fn);
      if (key === undefined || !isMade(source, key, kind.made)) continue;
      const written = writtenTo(source, key, kind);
      if (written !== undefined) return { key, call: node, written };
    }
  }
  return undefined;
}

/** Methods that cut a connection off. */
export const cuttersOf = (source: Source): Fn[] =>
  [...source.survey.fns.values()].filter(
    (fn) => fn.owner !== undefined && isEnd(fn) && cutOff(source, fn) !== undefined,
  );

/** A connection is cut off with what has been written to it and is not sent yet. */
export const cutsOffWrites: Rule = {
  meta: { name: "cuts-off-writes", hazard: "close", marks: ["handed on", "stopped"] },
  message: (place) =>
    `${place} is cut off at once, and does not send what was just written to it: close, and what was recorded last is lost.`,
  create({ source, root, report }) {
    if (root.owner === undefined || !isEnd(root)) return {};
    const found = cutOff(source, root);
    if (found === undefined) return {};
    const { key, call, written } = found;
    report({
      key,
      marks: [
        { label: "handed on", node: written },
        { label: "stopped", node: call },
      ],
      recordings: [],
    });
    return {};
  },
};
