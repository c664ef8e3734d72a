import { InScope, type Outside } from "./in-scope.js";
import type { Kind } from "./kinds.js";
import type { Layered } from "./scopes.js";
import type { StartPlace } from "./start-place.js";
import type { Starts } from "./starts.js";
import { mayBeSwitchedBeside } from "./switched-in-code.js";

/** A file that tells how an app is started. */
export interface AppFile extends Layered {
  file: string;
  kind: Kind;
}

/**
 * Where a file starts Node, or has the preload for what does.
 * @param targets stages of an image that are asked for by name
 * @param outside what is set for all of it. Absent: nothing
 */
export function startsInFile(
  starts: Starts,
  { file, kind, ...layered }: AppFile,
  targets: ReadonlySet<string>,
  outside?: Outside,
): StartPlace[] {
  const all = kind.scopes(layered, file, targets);
  const mayBeSwitched = kind.script !== undefined && mayBeSwitchedBeside(all, { file, ...layered }, starts.directory);
  const scopes = all.map((scope) => new InScope(starts, { file, kind, scope }, { ...outside, mayBeSwitched }));
  const here = scopes.flatMap((scope) => scope.starts());
  const isAllOther =
    kind.runsImages === true && scopes.length > 0 && scopes.every((scope) => scope.others().length > 0);
  const isNone = here.length === 0 && (isAllOther || kind.programs?.test(layered.content) === true);
  return isNone || kind.unread?.test(layered.content) ? [{ place: file, unseen: true }, ...here] : here;
}
