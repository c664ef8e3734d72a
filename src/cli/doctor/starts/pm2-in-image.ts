import { basename } from "node:path";
import { type Around, clearsVariables } from "./command.js";
import type { AppFile } from "./in-file.js";
import { optionsSetIn } from "./node-options.js";
import { joinedText, type Scope } from "./scopes.js";
import type { Starts } from "./starts.js";

/** What else may start what a file of pm2's names. */
interface Others {
  files: readonly AppFile[];
  commands: readonly string[];
  /** Stages of images that are asked for by name. */
  targets: ReadonlySet<string>;
}

/** What images set in NODE_OPTIONS for a file of pm2's. Undefined: nothing, or the file sets its own, or not they alone start it. */
export function aroundPm2(
  starts: Starts,
  { file: name, content, kind }: AppFile,
  { files, commands, targets }: Others,
): Around | undefined {
  const names = (text: string) => text.includes(basename(name));
  const rest = files.filter((one) => one.file !== name && one.kind.isImage !== true);
  if (kind.script === undefined || /NODE_OPTIONS/.test(content)) return undefined;
  if ([...commands, ...rest.map((one) => one.content)].some(names)) return undefined;
  const all = files.flatMap(({ file, kind: { isImage, command, scopes }, ...layered }) => {
    if (isImage !== true) return [];
    const runs = (scope: Scope) => scope.filter(({ text }) => command?.test(text));
    const ofPm2 = scopes(layered, file, targets).filter((scope) => names(joinedText(runs(scope))));
    return ofPm2.map((scope): Around | undefined => {
      const set = clearsVariables(joinedText(runs(scope))) ? undefined : optionsSetIn(scope, starts, false);
      return set && { preload: set.preload, place: `${set.line.file ?? file}:${set.line.number}` };
    });
  });
  return all.every((around) => around?.preload !== undefined) ? all[0] : undefined;
}
