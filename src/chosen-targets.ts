import { createRequire } from "node:module";
import type { Config } from "./config/index.js";
import type { HookedModule } from "./hooks/index.js";
import { targets as builtIn, type TargetEntry } from "./targets/list.js";
import { isWorker } from "./worker.js";

const require = createRequire(import.meta.url);

/** What only an app with targets of its own needs. */
export function ownTargets(): typeof import("./own-targets.js") {
  return require("./own-targets.js") as typeof import("./own-targets.js");
}

/** A line for each of the user's targets that is left out, as the client that it is like is not built in, or is not installed, and for what metrics need and is not. */
export function wrongTargets(config: Config): string[] {
  const { userTargets, metrics } = config;
  if (userTargets.length + metrics.length === 0) return [];
  const { absentPackages, unknownLikes } = ownTargets();
  return [...unknownLikes(userTargets), ...(isWorker() ? [] : absentPackages(config))];
}

/** What has to be hooked for the targets of a module. */
export function hookedModule(name: string, entries: readonly TargetEntry[]): HookedModule {
  const only = entries[0];
  if (only !== undefined && entries.length === 1)
    return { name, esm: only.esm, esmFiles: only.esmFiles, replaceable: only.functions };
  return { name, esm: entries.some(({ esm }) => esm), replaceable: entries.flatMap(({ functions = [] }) => functions) };
}

/** Whether FLUSHGUARD_TARGETS leaves a target in. */
export function isChosen({ targets: { only, except } }: Pick<Config, "targets">, module: string): boolean {
  return only !== undefined ? only.includes(module) : !except.includes(module);
}

/** The user's targets, and the built-in ones for which there is none of the user's, by module. */
export function allTargets({ userTargets }: Config): Map<string, TargetEntry[]> {
  const all = new Map<string, TargetEntry[]>();
  if (userTargets.length > 0) {
    const { entryOf, known } = ownTargets();
    for (const target of known(userTargets)) {
      all.set(target.module, [...(all.get(target.module) ?? []), entryOf(target)]);
    }
  }
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
