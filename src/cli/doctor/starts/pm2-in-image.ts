import { basename } from "node:path";
import { clearsVariables } from "./command.js";
import type { AppFile } from "./in-file.js";
import { InScope, type Outside } from "./in-scope.js";
import { optionsSetIn } from "./node-options.js";
import { joinedText, type Scope } from "./scopes.js";
import type { Starts } from "./starts.js";
import { isSwitchedOff } from "./switched.js";

/** What else may start what a file of pm2's names. */
interface Others {
  files: readonly AppFile[];
  commands: readonly string[];
  /** Stages of images that are asked for by name. */
  targets: ReadonlySet<string>;
}

/** What images set for a file of pm2's. Nothing where not they alone start it, and no options where the file sets its own. */
export function aroundPm2(
  starts: Starts,
  { file: name, content, kind }: AppFile,
  { files, commands, targets }: Others,
): Outside {
  const names = (text: string) => text.includes(basename(name));
  const rest = files.filter((one) => one.file !== name && one.kind.isImage !== true);
  if (kind.script === undefined) return {};
  if ([...commands, ...rest.map((one) => one.content)].some(names)) return {};
  const all = files.flatMap(({ file, kind, ...layered }): Outside[] => {
    if (kind.isImage !== true) return [];
    const runs = (scope: Scope) => scope.filter(({ text }) => kind.command?.test(text));
    const ofPm2 = kind.scopes(layered, file, targets).filter((scope) => names(joinedText(runs(scope))));
    return ofPm2.map((scope) => {
      const { switched } = new InScope(starts, { file, kind, scope });
      const set = clearsVariables(joinedText(runs(scope))) ? undefined : optionsSetIn(scope, starts, false);
      if (set === undefined) return { switched };
      return { switched, around: { preload: set.preload, place: `${set.line.file ?? file}:${set.line.number}` } };
    });
  });
  const first = all.find(({ switched = {} }) => isSwitchedOff(switched)) ?? all[0] ?? {};
  const hasOptions = !/NODE_OPTIONS/.test(content) && all.every(({ around }) => around?.preload !== undefined);
  const { around: _around, ...others } = first;
  return hasOptions ? first : others;
}
