import type { GuardedClass } from "./guard/guarded-class.js";
import type { EsmHooks, Hooks } from "./hooks/index.js";
import type { Found } from "./patch/found.js";
import type { Patcher } from "./patch/patcher.js";
import { type Counters, newCounters } from "./telemetry/counters.js";

/** What the guard has found and done in this process. */
export interface Status {
  /** Whether module loading is hooked. */
  enabled: boolean;
  /** How ES modules are hooked. */
  esm: EsmHooks;
  targets: TargetStatus[];
}

export interface TargetStatus {
  module: string;
  /** Its copies that were loaded, one for each folder. */
  found: Found[];
  /** The sum over all its guarded classes. */
  counters: Counters;
}

export function statusOf(hooks: Hooks | undefined, modules: readonly string[], patcher: Patcher | undefined): Status {
  const classes = patcher?.classes ?? [];
  const names = new Set([...modules, ...classes.map(({ name }) => name)]);
  return {
    enabled: hooks !== undefined,
    esm: hooks?.esm ?? "none",
    targets: [...names].map((module) => ({
      module,
      found: (patcher?.found ?? [])
        .filter((found) => found.module === module)
        .map((found) => ({ ...found, patched: [...found.patched], reasons: [...found.reasons] })),
      counters: sum(classes.filter(({ name }) => name === module)),
    })),
  };
}

function sum(classes: readonly GuardedClass[]): Counters {
  const total = newCounters();
  for (const { counters } of classes) {
    for (const key of Object.keys(total) as (keyof Counters)[]) total[key] += counters[key];
  }
  return total;
}
