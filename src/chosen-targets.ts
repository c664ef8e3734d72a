import { createRequire } from "node:module";
import type { Config } from "./config/index.js";
import type { HookedModule } from "./hooks/index.js";
import type { Target } from "./target.js";
import { targets as builtIn, type TargetEntry } from "./targets/list.js";

const require = createRequire(import.meta.url);

export function entryOf(target: Target): TargetEntry {
  const original = builtIn.find(({ module }) => module === target.like);
  if (original === undefined) {
    return { module: target.module, esm: true, functions: functionsOf(target), load: () => [target] };
  }
  const { module } = target;
  return { ...original, module, esm: true, load: () => original.load().map((declared) => fork(declared, target)) };
}

/** What is declared of a client, for a package of another name with versions of its own. */
function fork(declared: Target, target: Target): Target {
  const { like: _, ...own } = target;
  const { versions: __, unaffected: ___, fixedIn: ____, ...same } = declared;
  if (own.export === undefined && own.factory === undefined) return { ...same, ...own };
  const { export: _____, factory: ______, part: _______, ...elsewhere } = same;
  return { ...elsewhere, ...own };
}

/** Why a target is left out: nothing is known of the client that it is like. */
export function unknownLike(
  { module, like }: Target,
  where = `target of ${JSON.stringify(module)}`,
): string | undefined {
  if (like === undefined || builtIn.some((entry) => entry.module === like)) return undefined;
  const { didYouMean } = require("./config/nearest.js") as typeof import("./config/nearest.js");
  const meant = didYouMean(
    like,
    builtIn.map((entry) => entry.module),
  );
  return `${where}.like: found ${JSON.stringify(like)}, expected the name of a client that is built in${meant}; this target is left out`;
}

/** The functions of an ES module that a target asks to replace. Those of a class are methods. */
function functionsOf({ export: exported, factory, record = [], flush = [], send = [], close = [] }: Target): string[] {
  if (factory !== undefined) return factory.includes("#") ? [] : [factory];
  return exported === undefined ? [...record, ...flush, ...send, ...close] : [];
}

/** What has to be hooked for the targets of a module. */
export function hookedModule(name: string, entries: readonly TargetEntry[]): HookedModule {
  const only = entries[0];
  if (only !== undefined && entries.length === 1)
    return { name, esm: only.esm, esmFiles: only.esmFiles, replaceable: only.functions };
  return { name, esm: entries.some(({ esm }) => esm), replaceable: entries.flatMap(({ functions = [] }) => functions) };
}

/** Whether FLUSHGUARD_TARGETS leaves a target in. */
export function isChosen({ targets: { only, except } }: Config, module: string): boolean {
  return only !== undefined ? only.includes(module) : !except.includes(module);
}

/** The user's targets, and the built-in ones for which there is none of the user's, by module. */
export function allTargets({ userTargets }: Config): Map<string, TargetEntry[]> {
  const all = new Map<string, TargetEntry[]>();
  const known = userTargets.filter((target) => unknownLike(target) === undefined);
  for (const target of known) all.set(target.module, [...(all.get(target.module) ?? []), entryOf(target)]);
  for (const entry of builtIn) if (!all.has(entry.module)) all.set(entry.module, [entry]);
  return all;
}

/** Those that FLUSHGUARD_TARGETS leaves in. */
export function chosenTargets(config: Config): Map<string, TargetEntry[]> {
  const all = allTargets(config);
  const { only, except } = config.targets;
  if (only === undefined && except.length === 0) return all;
  for (const module of all.keys()) if (!isChosen(config, module)) all.delete(module);
  return all;
}
