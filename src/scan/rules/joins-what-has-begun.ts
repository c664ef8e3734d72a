import type { AnyNode } from "acorn";
import { full } from "acorn-walk";
import { methodOf, type Source } from "../source/source.js";
import { contains } from "../source/syntax.js";
import { follows } from "../trace/search.js";
import type { Step } from "../trace/step.js";
import { isIgnored, isPromise } from "./awaited.js";
import { recordingsIn } from "./flushed.js";
import type { Rule, Traced } from "./rule.js";
import { type Taking, takings } from "./taking.js";

/** What is done once: who comes later is rightly given the same promise. */
const ONCE = /^[_#]*(?:close|connect|dispose|end|init|load|open|setup|shutdown|start|stop)/i;

const LOOP = /^(?:While|DoWhile|For|ForOf)Statement$/;

function isInLoop(fn: AnyNode, node: AnyNode): boolean {
  let found = false;
  full(fn, (at) => {
    if (LOOP.test(at.type) && contains(at, node)) found = true;
  });
  return found;
}

/** Whether what is recorded meanwhile is sent before the promise settles: it goes round, or begins again. */
function goesRound({ source, root }: Traced, { taken }: Taking): boolean {
  const places: [AnyNode, AnyNode][] = [[methodOf(taken.fn).node, taken.node]];
  if (taken.through !== undefined) places.push([root.node, taken.through]);
  if (places.some(([fn, node]) => isInLoop(fn, node))) return true;
  const parts = [root, methodOf(taken.fn)];
  return parts.some((fn) =>
    source.callsOf(fn).some(({ node, scope }) => parts.includes(methodOf(scope.fn)) && node !== taken.through),
  );
}

/** Whether what is assigned is a promise. */
const isPromiseOf = (source: Source, { node, fn }: Step): boolean =>
  node.type === "AssignmentExpression" && isPromise(source, node.right, fn);

/** A call during a flush is given that flush's promise, which is of a batch that was taken out before the call. */
export const joinsWhatHasBegun: Rule = {
  meta: { name: "joins-what-has-begun", hazard: "early return", marks: ["returns early", "taken", "wait"] },
  message: (place) =>
    `${place} is emptied before it is sent, and a call that comes meanwhile is given that send to wait for: await it, exit, and what was recorded since is lost.`,
  create(context) {
    const { source, root, steps, report } = context;
    let reported = false;
    return {
      "join exit"(exit) {
        if (reported || exit.through !== undefined || exit.line !== 0) return;
        if (!steps.some((step) => step.kind === "set" && step.key === exit.key && isPromiseOf(source, step))) return;
        if (ONCE.test(root.name ?? "") || isIgnored(source, root)) return;
        const keys = steps.flatMap((step) => (step.kind === "reset" || step.kind === "take" ? [step.key] : []));
        for (const key of new Set(keys)) {
          const recordings = recordingsIn(context, key);
          const found = takings(steps, key).find(
            (taking) => follows(taking.taken, exit) && !goesRound(context, taking),
          );
          if (recordings.length === 0 || found === undefined) continue;
          reported = true;
          const { taken, sent } = found;
          report({
            key,
            marks: [
              { label: "returns early", node: exit.exit },
              { label: "taken", node: taken.node },
              { label: "wait", node: sent.node },
            ],
            recordings,
          });
          return;
        }
      },
    };
  },
};
