import { contains } from "../source/syntax.js";
import type { Step } from "../trace/step.js";

/** Whether a step is made in a loop, or through a call in it. */
export function isInLoop(step: Step, loop: Step): boolean {
  return contains(loop.node, step.through ?? step.node);
}
