import { didYouMean } from "./config/did-you-mean.js";
import type { Config } from "./config/index.js";
import type { HookedModule } from "./hooks/index.js";
import type { Target } from "./target.js";
import { targets as builtIn, type TargetEntry } from "./targets/list.js";

export function entryOf(target: Target): TargetEntry {
  const { module } = target;
  const like = target.like === undefined ? undefined : original(target.like);
  if (like === undefined) return { module, esm: true, functions: functionsOf(target), load: () => [target] };
  return { ...like, module, esm: true, load: () => like.load().map((declared) => fork(declared, target)) };
}

/** The client that is built in of this name. */
function original(name: string): TargetEntry | undefined {
  return builtIn.find(({ module }) => module === name);
}

/** What is declared of a client, for a package of another name with versions of its own. */
function fork(declared: Target, target: Target): Target {
  const own = without(target, "like");
  const same = without(declared, "versions", "unaffected", "fixedIn");
  const isElsewhere = own.export !== undefined || own.factory !== undefined;
  return { ...(isElsewhere ? without(same, "export", "factory", "part") : same), ...own };
}

function without(target: Target, ...keys: readonly (keyof Target)[]): Target {
  return Object.fromEntries(Object.entries(target).filter(([key]) => !keys.includes(key as keyof Target))) as Target;
}

/** What is wrong with a target of which nothing is known: the client that it is like is not built in. */
export function unknownLike({ like }: Target, where: string): string | undefined {
  if (like === undefined || original(like) !== undefined) return undefined;
  const meant = didYouMean(
    like,
    builtIn.map((entry) => entry.module),
  );
  return `${where}.like: found ${JSON.stringify(like)}, expected the name of a client that is built in${meant}`;
}

/** A line for each of the user's targets that is left out for that. */
export function unknownLikes({ userTargets }: Config): string[] {
  return userTargets.flatMap((target) => {
    const unlike = unknownLike(target, `target of ${JSON.stringify(target.module)}`);
    return unlike === undefined ? [] : [`${unlike}; this target is left out`];
  });
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
  const known = userTargets.filter(({ like }) => like === undefined || original(like) !== undefined);
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
