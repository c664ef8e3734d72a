import MagicString from "magic-string";
import { satisfies } from "semver";
import { add, join } from "./members.js";
import { isRewritten, rewrite } from "./rewrite.js";
import type { ClassFix } from "./source-fix.js";
import { classIn, hasMethod, programIn } from "./syntax.js";

const covers = ({ versions = "*" }: { versions?: string }, version: string): boolean =>
  satisfies(version, versions, { includePrerelease: true });

/** What of a fix concerns a version. */
export function editsFor(classes: readonly ClassFix[], version: string): ClassFix[] {
  return classes
    .filter((one) => covers(one, version))
    .map((one) => ({ ...one, edits: one.edits.filter((edit) => !("find" in edit) || covers(edit, version)) }));
}

/** Whether a source has something that a fix would bring into it. */
export function isFixed(source: string, { class: name, edits }: ClassFix): boolean {
  const owner = classIn(programIn(source), name);
  return edits.some((edit) => {
    if ("join" in edit) return hasMethod(owner, edit.worker);
    return "find" in edit && isRewritten(owner, edit);
  });
}

/**
 * The source with its classes fixed; all else stays as it is, byte for byte.
 * @throws {Misfit} when the source is not as a fix knows it
 */
export function fixedSource(source: string, classes: readonly ClassFix[]): string {
  const program = programIn(source);
  const text = new MagicString(source);
  for (const { class: name, edits } of classes) {
    const owner = classIn(program, name);
    for (const edit of edits) {
      if ("join" in edit) join(text, owner, edit);
      else if ("add" in edit) add(text, owner, edit);
      else rewrite(text, owner, edit);
    }
  }
  const fixed = text.toString();
  programIn(fixed);
  return fixed;
}
