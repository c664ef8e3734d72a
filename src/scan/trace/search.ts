import type { Step } from "./step.js";

type Verdict = "stop" | "go on" | "found";

/**
 * Searches backwards from a step, along every way that leads to it.
 * @param judge is told each step and whether a wait lies between; it says whether to search on behind it
 * @returns the step that was found, and the wait nearest to it
 */
export function searchBack(
  from: Step,
  judge: (step: Step, wait: Step | undefined) => Verdict,
): { step: Step; wait: Step | undefined } | undefined {
  const seen = new Set<Step>();
  const seenWaited = new Set<Step>();
  const open = from.before.map((step): [Step, Step | undefined] => [step, undefined]);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [step, wait] = next;
    const visited = wait === undefined ? seen : seenWaited;
    if (visited.has(step)) continue;
    visited.add(step);
    const verdict = judge(step, wait);
    if (verdict === "found") return { step, wait };
    if (verdict === "stop") continue;
    const waited = step.kind === "wait" ? step : wait;
    for (const before of step.before) open.push([before, waited]);
  }
  return undefined;
}

/** The step that is found backwards from another, with no wait between them and nothing that ends the search. */
export function findSinceWait(
  from: Step,
  isFound: (step: Step) => boolean,
  ends: (step: Step) => boolean = () => false,
): Step | undefined {
  return searchBack(from, (step, wait) => {
    if (wait !== undefined || ends(step)) return "stop";
    return isFound(step) ? "found" : "go on";
  })?.step;
}

/** Whether one step can come after another. */
export function follows(later: Step, earlier: Step): boolean {
  return searchBack(later, (step) => (step === earlier ? "found" : "go on")) !== undefined;
}
