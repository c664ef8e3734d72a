import type { AnyNode, CallExpression } from "acorn";
import { ancestor, simple } from "acorn-walk";
import type { Fn } from "../source/model.js";
import { methodOf, type Recording, type Source } from "../source/source.js";
import { bare, contains, isFunction, propertyName } from "../source/syntax.js";
import { type Closing, closedBy, keyOf, reached } from "./closings.js";
import type { Rule } from "./rule.js";
import { closesIn, isClose } from "./stopped-unsent.js";

const CLOSING = new Set(["close", "destroy", "disconnect", "end", "terminate"]);
const SENDING = ["send", "write"];

/** What is kept until a connection can take it. */
interface Waiting {
  key: string;
  recordings: Recording[];
  /** Where it is written to the connection later. */
  sent: CallExpression;
}

/** Where a connection is written to. */
function writesTo(source: Source, key: string): { call: CallExpression; fn: Fn }[] {
  return SENDING.flatMap((name) => source.survey.calls.get(name) ?? []).flatMap(({ node, callee, scope }) =>
    node.type === "CallExpression" &&
    SENDING.includes(propertyName(bare(callee)) ?? "") &&
    keyOf(callee, scope.fn) === key
      ? [{ call: node, fn: methodOf(scope.fn) }]
      : [],
  );
}

/** Whether a function only writes where something is so: `if (this.ready) this.post(message)`. */
function writesIfReady(source: Source, fn: Fn, writers: ReadonlySet<Fn>, writes: readonly CallExpression[]): boolean {
  let found = false;
  ancestor(fn.node as AnyNode, {
    CallExpression(call, _state, ancestors) {
      const target = source.functionAt(call.callee, fn.scope);
      const isWrite = writes.includes(call) || (target !== undefined && target !== fn && writers.has(target));
      found ||= isWrite && ancestors.some((at) => at.type === "IfStatement" || at.type === "ConditionalExpression");
    },
  });
  return found;
}

const hasParameters = ({ node }: Fn): boolean => isFunction(node) && node.params.length > 0;

/** What records leave in a buffer where a connection cannot take them, and another function writes to it. */
function waitingFor(source: Source, key: string): Waiting | undefined {
  const writes = writesTo(source, key);
  if (writes.length === 0) return undefined;
  const calls = writes.map(({ call }) => call);
  const writers = new Set(writes.map(({ fn }) => fn));
  for (const [buffer, recordings] of source.recordings) {
    if (buffer === key || (!buffer.includes(".") && recordings.some(({ how }) => how === "sum"))) continue;
    const recording = recordings.find(
      ({ key: its, how, fn }) =>
        its === buffer &&
        how !== "call" &&
        how !== "sum" &&
        how !== "text" &&
        hasParameters(methodOf(fn)) &&
        writesIfReady(source, methodOf(fn), writers, calls),
    );
    if (recording === undefined) continue;
    const sender = sendsWhatWaits(source, buffer, methodOf(recording.fn), writers, calls);
    if (sender !== undefined) return { key: buffer, recordings: [recording], sent: sender };
  }
  return undefined;
}

const wordOf = (key: string): string => key.split(".").at(-1) as string;

/** Whether a text mentions the last name of a place. */
function mentions(source: Source, { start, end }: AnyNode, name: string): boolean {
  return new RegExp(`(?<![\\w$])${name.replace(/[$]/g, "\\$&")}(?![\\w$])`).test(source.text.slice(start, end));
}

/** Where a loop writes what waits to the connection, in another function than the one that records. */
function sendsWhatWaits(
  source: Source,
  buffer: string,
  recorder: Fn,
  writers: ReadonlySet<Fn>,
  writes: readonly CallExpression[],
): CallExpression | undefined {
  const name = nameOf(source, buffer);
  for (const fn of source.survey.fns.values()) {
    if (fn.parent === undefined || methodOf(fn) !== fn || fn === recorder || isClose(fn)) continue;
    let found: CallExpression | undefined;
    const look = (loop: AnyNode): void => {
      if (!mentions(source, loop, name)) return;
      simple(loop, {
        CallExpression(call) {
          const target = source.functionAt(call.callee, fn.scope);
          if (writes.includes(call) || (target !== undefined && writers.has(target))) found = call;
        },
      });
    };
    simple(fn.node as AnyNode, {
      ForOfStatement: look,
      ForStatement: look,
      WhileStatement: look,
      DoWhileStatement: look,
      CallExpression: (call) => void (propertyName(bare(call.callee)) === "forEach" && look(call)),
    });
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What a place is called: its last property, or its variable. */
function nameOf(source: Source, key: string): string {
  const name = wordOf(key);
  if (!/^\d+$/.test(name)) return name;
  for (const { at } of source.facts.values()) if (at.key === key && at.variable !== undefined) return at.variable.name;
  return name;
}

/** What a method closes at once while something waits for it that nothing in it looks at. */
function leftBy(source: Source, root: Fn): { closing: Closing; waiting: Waiting } | undefined {
  for (const closing of closedBy(root, CLOSING)) {
    const waiting = waitingFor(source, closing.key);
    if (waiting === undefined) continue;
    const name = nameOf(source, waiting.key);
    const looks = [...reached(source, root)].some(({ node }) => mentions(source, node, name));
    if (!looks && !contains(root.node as AnyNode, waiting.sent)) return { closing, waiting };
  }
  return undefined;
}

/** Methods that close a connection which something waits for. */
export const leaversOf = (source: Source): Fn[] => closesIn(source).filter((fn) => leftBy(source, fn) !== undefined);

/** A connection is closed, and what waits in a buffer until that can take it is left there. */
export const leavesWhatWaits: Rule = {
  meta: { name: "leaves-what-waits", hazard: "close", marks: ["stopped", "handed on"] },
  message: (place) =>
    `${place} waits for the connection, which is closed here with what is left in it: close, and what was recorded before it was ready is lost.`,
  create({ source, root, report }) {
    if (root.owner === undefined || !isClose(root)) return {};
    const left = leftBy(source, root);
    if (left === undefined) return {};
    report({
      key: left.waiting.key,
      marks: [
        { label: "stopped", node: left.closing.call },
        { label: "handed on", node: left.waiting.sent },
      ],
      recordings: left.waiting.recordings,
    });
    return {};
  },
};
