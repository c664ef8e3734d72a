import { type AppFile, startsInFile } from "./in-file.js";
import { optionsSetIn } from "./node-options.js";
import { joinedText, type Line, type Scope } from "./scopes.js";
import { areVariablesByTemplate, isSetElsewhere } from "./set-elsewhere.js";
import { PRELOAD } from "./start-place.js";
import type { Starts } from "./starts.js";

/** Whether what runs an image as it is takes away there what is set in NODE_OPTIONS elsewhere, or may do so. */
export function replacesOptions(starts: Starts, { file, kind: { scopes, command }, ...layered }: AppFile): boolean {
  const startsSome = (line: Line) => starts.inLine(line.text, { at: { place: file } }).length > 0;
  return scopes(layered, file, new Set()).some((scope) => {
    const set = optionsSetIn(scope, starts, false);
    const isTaken =
      set === undefined
        ? scope.some(areVariablesByTemplate) || isSetElsewhere(joinedText(scope))
        : set.preload === undefined;
    return isTaken && !scope.some((line) => command?.test(line.text) && startsSome(line));
  });
}

/** Whether an image takes away in itself what is given to it in NODE_OPTIONS. */
export function takesOptions(starts: Starts, file: AppFile, targets: ReadonlySet<string>): boolean {
  const given = startsInFile(starts, file, targets, { around: { preload: PRELOAD } });
  return given.some(({ preload, unseen, ends }) => preload === undefined && unseen === undefined && ends === undefined);
}

/** Whether what runs images gives the preload to one of them, or a command, and elsewhere runs the same as it is. */
export function leavesImage(starts: Starts, { file, kind: { scopes, command }, ...layered }: AppFile): boolean {
  const all = scopes(layered, file, new Set());
  const isChanged = (scope: Scope) =>
    optionsSetIn(scope, starts, false) !== undefined || scope.some((line) => command?.test(line.text));
  const imagesOf = (scope: Scope) =>
    scope.flatMap((line) => /^\s*(?:-\s+)?(?:build|image)\s*:\s*([\s\S]+)$/.exec(line.text)?.[1]?.trim() ?? []);
  const changed = new Set(all.filter(isChanged).flatMap(imagesOf));
  return all.some((scope) => !isChanged(scope) && imagesOf(scope).some((image) => changed.has(image)));
}
