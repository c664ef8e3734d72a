import { now, turn } from "../timers.js";
import { isEnding } from "./is-ending.js";

/** Milliseconds for which the other work of the process may have to wait. */
const SLICE_MS = 3;

/** Work that can be left off at every `yield`, which says whether it has been: others may have worked meanwhile. */
export type Slices<Result> = Generator<void, Result, boolean>;

/** Does it in one piece. */
export function atOnce<Result>(work: Slices<Result>): Result {
  for (;;) {
    const step = work.next(false);
    if (step.done === true) return step.value;
  }
}

/** Does one work after another, with turns of the event loop for all others. */
export class Turns {
  #sinceMs = now();

  async take<Result>(work: Slices<Result>): Promise<Result> {
    let left = false;
    for (;;) {
      const step = work.next(left);
      if (step.done === true) return step.value;
      left = now() - this.#sinceMs >= SLICE_MS && !isEnding();
      if (!left) continue;
      await turn();
      this.#sinceMs = now();
    }
  }
}
