import type { AnyNode } from "acorn";
import type { Fn } from "../source/model.js";
import { methodOf, type Recording, type Source } from "../source/source.js";
import { bare, contains, isFunction, propertyName } from "../source/syntax.js";
import { follows } from "../trace/search.js";
import type { Step } from "../trace/step.js";
import { Tracer } from "../trace/tracer.js";
import { recordingsIn } from "./flushed.js";
import { overlap, type Rule } from "./rule.js";

/** Names of the methods that users end a client by. */
const CLOSES = /^(?:close|destroy|dispose|end|finish|quit|shutdown|stop)(?:Async)?$/;

/** Whether a method is there to end what sends now and then. */
export const isClose = ({ name }: Fn): boolean => name !== undefined && CLOSES.test(name);

/** The methods of a file that are there to end something. */
export const closesIn = ({ survey }: Source): Fn[] =>
  [...survey.fns.values()].filter((fn) => fn.owner !== undefined && isClose(fn));

/** What is called to send, in this file or another. */
const SENDS = /(?:drain|export|flush|publish|report|send|submit|upload|write)\w*(?:\.\w+)?\s*\(/i;

/** What is called back is not sent. */
const CALLED = /callback|listener|resolver|waiter/i;

/** What the timer that a place holds calls. */
function timedBy(source: Source, key: string): Fn[] {
  return [...source.facts.values()].flatMap((fact) => {
    if (fact.kind !== "remake" || fact.at.key !== key) return [];
    const timer = source.survey.timed.find((node) => contains(fact.call, node));
    const callback = timer?.type === "CallExpression" ? timer.arguments[0] : undefined;
    const fn = callback && calledAt(source, callback, fact.scope.fn);
    return fn === undefined ? [] : [fn];
  });
}

/** `() => this.flush()`, `this.flush`, `this.flush.bind(this)` */
function calledAt(source: Source, callback: AnyNode, { scope }: Fn): Fn | undefined {
  const node = bare(callback);
  if (node.type !== "CallExpression" || propertyName(node.callee) !== "bind") return source.functionAt(node, scope);
  return node.callee.type === "MemberExpression" ? source.functionAt(node.callee.object as AnyNode, scope) : undefined;
}

/** Where a function takes out all that others recorded. */
function takenBy(source: Source, fn: Fn): { read: Step & { key: string }; recordings: Recording[] } | undefined {
  const steps = new Tracer(source, fn).run();
  for (const read of steps) {
    if (read.kind !== "read" || CALLED.test(read.key)) continue;
    const empties = (at: Step): boolean =>
      // A number that is set back says how often something was so.
      ((at.kind === "reset" && at.fresh !== "number") || at.kind === "take") &&
      overlap(at.key, read.key) &&
      follows(at, read);
    const recordings = recordingsIn({ source, root: fn, steps }, read.key);
    if (recordings.length > 0 && steps.some(empties)) return { read, recordings };
  }
  return undefined;
}

/** What is called to send all that there is: `() => this.publish(now)`, `flush`. */
const SENDER =
  /^[_#]*(?:export|flush|publish|report|send|submit|upload)|\.\s*[_#]*(?:export|flush|publish|report|send|submit|upload)\w*\s*\(/i;

/** Where a function that sends goes through all that others recorded, and leaves it there to add to. */
function goneThroughBy(source: Source, fn: Fn): ReturnType<typeof takenBy> {
  if (!SENDER.test(fn.name ?? source.text.slice(fn.node.start, fn.node.end))) return undefined;
  const steps = new Tracer(source, fn).run();
  for (const read of steps) {
    const recordings = read.kind === "iterate" ? recordingsIn({ source, root: fn, steps }, read.key) : [];
    if (read.kind === "iterate" && !CALLED.test(read.key) && recordings.length > 0) return { read, recordings };
  }
  return undefined;
}

/** The timer that sends a buffer is stopped by a method that does not send what is left in it. */
export const stoppedUnsent: Rule = {
  meta: { name: "stopped-unsent", hazard: "close", marks: ["stopped", "read"] },
  message: (place) =>
    `${place} is sent by a timer, which is stopped here with what is left in it: close, and what was recorded last is lost.`,
  create({ source, root, steps, report }) {
    if (!isClose(root) || !isFunction(root.node) || SENDS.test(source.text.slice(root.node.start, root.node.end)))
      return {};
    // What the client calls itself is part of something else, or is started again.
    if (source.callersOf(root).length > 0) return {};
    return {
      stop(step) {
        for (const fn of timedBy(source, step.key)) {
          const taken = takenBy(source, fn) ?? goneThroughBy(source, fn);
          if (taken === undefined || methodOf(fn) === root) continue;
          const { read, recordings } = taken;
          if (steps.some((at) => at.kind === "read" && overlap(at.key, read.key))) continue;
          report({
            key: read.key,
            marks: [
              { label: "stopped", node: step.node },
              { label: "read", node: read.node },
            ],
            recordings,
          });
          return;
        }
      },
    };
  },
};
