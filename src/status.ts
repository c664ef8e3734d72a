import type { Config } from "./config/index.js";
import type { GuardedClass } from "./guard/guarded-class.js";
import type { EsmHooks, Hooks } from "./hooks/index.js";
import { seenOf } from "./observe/seen.js";
import type { Found } from "./patch/found.js";
import type { Patcher } from "./patch/patcher.js";
import { type Counters, newCounters } from "./telemetry/counters.js";
import type { Hazard } from "./telemetry/messages.js";

/** What the guard has found and done in this process. */
export interface Status {
  /** What FLUSHGUARD asks for. */
  mode: "guard" | "observe" | "off";
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
  /** Under `FLUSHGUARD=observe`: records that were lost, repeated or stranded, by hazard. */
  seen?: Partial<Record<Hazard, number>>;
}

export function statusOf(
  config: Config,
  hooks: Hooks | undefined,
  modules: readonly string[],
  patcher: Patcher | undefined,
): Status {
  const classes = patcher?.classes ?? [];
  const names = new Set([...modules, ...classes.map(({ name }) => name)]);
  return {
    mode: config.observe ? "observe" : config.enabled ? "guard" : "off",
    enabled: hooks !== undefined,
    esm: hooks?.esm ?? "none",
    targets: [...names].map((module) => {
      const own = classes.filter(({ name }) => name === module);
      const learnt = own.flatMap(({ reasons }) => [...reasons]);
      return {
        module,
        found: (patcher?.found ?? [])
          .filter((found) => found.module === module)
          .map((found) => ({
            ...found,
            patched: [...found.patched],
            reasons: [...new Set([...found.reasons, ...learnt])],
          })),
        counters: sum(own),
        ...(config.observe ? { seen: seenOf(module) } : {}),
      };
    }),
  };
}

function sum(classes: readonly GuardedClass[]): Counters {
  const total = newCounters();
  for (const { counters } of classes) {
    for (const key of Object.keys(total) as (keyof Counters)[]) total[key] += counters[key];
  }
  return total;
}
