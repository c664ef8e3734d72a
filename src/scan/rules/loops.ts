import type { Step } from "../trace/step.js";

/** Whether a step is made in a loop, or through a call in it. */
export function isInLoop(step: Step, loop: Step): boolean {
  const node = step.through ?? step.node;
  return loop.node.start <= node.start && node.end <= loop.node.end;
}
