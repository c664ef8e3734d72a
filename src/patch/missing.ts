import { isObject } from "../methods/find-export.js";
import { neededOf } from "../methods/senders.js";
import type { Target } from "../target.js";
import { setImmediate } from "../timers.js";
import type { Found } from "./found.js";
import { report } from "./tell.js";

/** Targets that any file of their package may fit: which of them none has fitted, once the package is loaded. */
export class Missing {
  readonly #fitted = new WeakMap<Found, Map<Target, boolean>>();

  /** @param fits whether the file that was loaded now has what the target names */
  expect(found: Found, target: Target, fits: boolean): void {
    const targets = this.#fitted.get(found) ?? new Map<Target, boolean>();
    this.#fitted.set(found, targets);
    const known = targets.has(target);
    targets.set(target, fits || targets.get(target) === true);
    if (known || fits) return;
    // The files of a package are evaluated in one turn, its main file last.
    setImmediate(() => {
      if (targets.get(target) !== true) report(found, { refused: shapeMissing(target) });
    });
  }
}

function needed(target: Target): string {
  return neededOf(target)
    .map((name) => `"${name}"`)
    .join(" or ");
}

/** Says what a target names and is not in what its factory has made. */
export function partMissing(target: Target, made: unknown): string {
  if (!isObject(made)) return `"${target.factory}" made no object, expected one with ${needed(target)}`;
  return `part: "${target.part}" leads to nothing with ${needed(target)} in what "${target.factory}" made`;
}

/** Says what a target names and is not there. */
export function shapeMissing(target: Target): string {
  if (target.factory !== undefined) return `there is no function "${target.factory}"`;
  const methods = needed(target);
  return target.export === undefined ? `nothing has ${methods}` : `"${target.export}" has no ${methods}`;
}
