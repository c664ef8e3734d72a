import { placeOf } from "../source/places.js";
import { methodOf, type Recording, type Source } from "../source/source.js";
import { isFunction } from "../source/syntax.js";
import { searchBack } from "../trace/search.js";
import type { Step } from "../trace/step.js";
import { makesPromise, returnsOf } from "./awaited.js";
import { recordingsIn } from "./flushed.js";
import type { Rule } from "./rule.js";
import { takings } from "./taking.js";

const promises = new WeakMap<Source, ReadonlySet<string>>();

/** Keys of the places that promises are made for. */
function promisesIn(source: Source): ReadonlySet<string> {
  const known = promises.get(source);
  if (known !== undefined) return known;
  const facts = [...source.facts.values()].filter(({ node }) => makesPromise(node));
  const found = new Set(facts.map(({ at }) => at.key));
  promises.set(source, found);
  return found;
}

/** Whether who records is given the promise that a place holds. */
function givesPromise({ fn }: Recording, key: string): boolean {
  const { node, scope } = methodOf(fn);
  return isFunction(node) && returnsOf(node).some((value) => placeOf(value, scope)?.key === key);
}

/** Whether a step comes behind another, with a wait between them. */
const isWaitedFor = (later: Step, earlier: Step): boolean =>
  searchBack(later, (step, wait) => (step !== earlier ? "go on" : wait === undefined ? "stop" : "found")) !== undefined;

/** Who records is given one promise for a batch, and that is kept until the batch has arrived: who comes meanwhile is given it too. */
export const sharesPromise: Rule = {
  meta: { name: "shares-promise", hazard: "early return", marks: ["taken", "cleared"] },
  message: (place) =>
    `${place} is emptied before it is sent, and what is recorded meanwhile is given the promise of that batch: await it, exit, and that is lost.`,
  create(context) {
    const { source, steps, report } = context;
    const made = promisesIn(source);
    if (made.size === 0) return {};
    let reported = false;
    return {
      clear(cleared) {
        if (reported || !made.has(cleared.key)) return;
        const keys = steps.flatMap((step) => (step.kind === "reset" || step.kind === "take" ? [step.key] : []));
        for (const key of new Set(keys)) {
          const recordings = recordingsIn(context, key).filter((one) => givesPromise(one, cleared.key));
          const found =
            recordings.length === 0 ? undefined : takings(steps, key).find(({ taken }) => isWaitedFor(cleared, taken));
          if (found === undefined || key === cleared.key) continue;
          reported = true;
          report({
            key,
            marks: [
              { label: "taken", node: found.taken.node },
              { label: "cleared", node: cleared.node },
            ],
            recordings,
          });
          return;
        }
      },
    };
  },
};
