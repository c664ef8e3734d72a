import { type Fn, isWithin } from "../source/model.js";
import { methodOf, type Recording, type Source } from "../source/source.js";
import { contains } from "../source/syntax.js";

/** Whether a function is called by itself now and then: by a timer, or by what records. */
export function isAutomatic(source: Source, fn: Fn, recordings: readonly Recording[]): boolean {
  const method = methodOf(fn);
  return source
    .callsOf(method)
    .some(
      ({ node, scope }) =>
        source.survey.timed.some((timed) => contains(timed, node)) ||
        recordings.some((recording) => isWithin(scope.fn, recording.fn)),
    );
}
