import type { AnyNode } from "acorn";
import type { Fn } from "../source/model.js";
import { methodOf, type Source } from "../source/source.js";
import { bare, contains } from "../source/syntax.js";
import { isWrite } from "../source/writables.js";
import { findSinceWait } from "../trace/search.js";
import type { Step } from "../trace/step.js";
import { isAutomatic } from "./automatic.js";
import { canBeAwaited, isAwaitable, isIgnored, isSerialised } from "./awaited.js";
import { recordingsIn } from "./flushed.js";
import type { Rule, Traced } from "./rule.js";
import { joined, joinsLater, takings } from "./taking.js";

/** `const batch = this.queue; this.renew()` */
const isPutAside = (taken: Step, key: string): boolean =>
  findSinceWait(taken, (at) => at.kind === "read" && at.key === key && at.through === undefined) !== undefined;

/** `const batch = this.take()` */
const isKept = (source: Source, { start }: AnyNode): boolean => /=\s*$/.test(source.text.slice(start - 20, start));

/** Names of what users call to have all sent that there is. */
const ASKS = /^(?:flush|send|sync|drain|publish|submit|upload)/;

/** Whether it is there for users alone, as nothing in its file calls it, and never asks whether there is anything to send. */
function isAskedFor(source: Source, root: Fn, { node, through = node }: Step): boolean {
  const before = source.text.slice(root.node.start, through.start);
  return ASKS.test(root.name ?? "") && source.callsOf(root).length === 0 && !/\.(?:length|size)\b/.test(before);
}

const isGivenSomething = (node: AnyNode): boolean => node.type === "CallExpression" && node.arguments.length > 0;

/** Whether a flush that a timer calls gives what a call gives, and says by its name that this sends: `return post(batch)`. */
const givesWhatSends = ({ source, root }: Traced, { kind, node }: Step): boolean =>
  kind === "hand over" &&
  source.callsOf(root).some((call) => source.survey.timed.some((timer) => contains(timer, call.node))) &&
  ASKS.test(root.name ?? "") &&
  node.type === "ReturnStatement" &&
  !!node.argument &&
  isGivenSomething(bare(node.argument));

/**
 * The batch is taken out before the send by a flush that also runs by itself, and one that finds nothing sends nothing: it is
 * done before the other is.
 */
export const sendsNothing: Rule = {
  meta: { name: "sends-nothing", hazard: "early return", marks: ["taken", "wait"] },
  message: (place) =>
    `${place} is emptied before it is sent, so a call that comes meanwhile has nothing to wait for: await it, exit, and what is being sent is lost.`,
  create(context) {
    const { source, root, steps, report } = context;
    // Chunks of a Writable come one after the other.
    if (isWrite(source, root)) return {};
    // What returns early is shown as that.
    if (steps.some((step) => step.kind === "empty exit" && step.line === 0)) return {};
    let reported = false;
    const look = (key: string): void => {
      if (reported) return;
      const recordings = recordingsIn(context, key);
      if (recordings.length === 0) return;
      for (const { taken, sent } of takings(steps, key)) {
        if (
          taken.line !== 0 ||
          (taken.kind === "reset" && taken.fresh === "number") ||
          joined(taken, steps) ||
          joinsLater(taken, steps)
        )
          continue;
        // It is taken by a function that sends it too or that gives it back, or was put aside before.
        const isGiven = taken.through !== undefined && (isKept(source, taken.through) || isPutAside(taken, key));
        if (taken.through !== undefined && taken.through !== sent.through && !isGiven) continue;
        // It is shown where it is, if that can be waited for.
        if (taken.through !== undefined && canBeAwaited(source, methodOf(taken.fn))) continue;
        if (
          !isAskedFor(source, root, taken) &&
          !isAutomatic(source, root, recordings) &&
          !isAutomatic(source, taken.fn, recordings)
        )
          continue;
        reported = true;
        if (
          !(isAwaitable(context) || givesWhatSends(context, sent)) ||
          isIgnored(source, root) ||
          isSerialised(source, root)
        )
          return;
        report({
          key,
          marks: [
            { label: "taken", node: taken.node },
            { label: "wait", node: sent.node },
          ],
          recordings,
        });
        return;
      }
    };
    return { reset: ({ key }) => look(key), take: ({ key }) => look(key) };
  },
};
