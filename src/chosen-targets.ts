import type { Config } from "./config/index.js";
import type { Target } from "./target.js";
import { targets as builtIn, type TargetEntry } from "./targets/list.js";

export function entryOf(target: Target): TargetEntry {
  return { module: target.module, esm: true, factory: target.factory, load: () => target };
}

/** Whether FLUSHGUARD_TARGETS leaves a target in. */
export function isChosen({ targets: { only, except } }: Config, module: string): boolean {
  return only !== undefined ? only.includes(module) : !except.includes(module);
}

/** The user's targets, and the built-in ones for which there is none of the user's, by module. */
export function allTargets({ userTargets }: Config): Map<string, TargetEntry[]> {
  const all = new Map<string, TargetEntry[]>();
  for (const target of userTargets) all.set(target.module, [...(all.get(target.module) ?? []), entryOf(target)]);
  for (const entry of builtIn) if (!all.has(entry.module)) all.set(entry.module, [entry]);
  return all;
}
