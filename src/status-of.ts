import { createRequire } from "node:module";
import type { Config } from "./config/index.js";
import type { GuardedClass } from "./guard/owner/guarded-class.js";
import type { Hooks } from "./hooks/index.js";
import type { Patcher } from "./patch/patcher.js";
import type { Status } from "./status.js";
import { type Counters, newCounters } from "./telemetry/counters.js";

const require = createRequire(import.meta.url);

/** What `status()` gives. */
export function statusOf(
  config: Config,
  hooks: Hooks | undefined,
  modules: readonly string[],
  patcher: Patcher | undefined,
): Status {
  const classes = patcher?.classes ?? [];
  const observed = config.observe ? (require("./observe/seen.js") as typeof import("./observe/seen.js")) : undefined;
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
        ...(observed && { seen: observed.seenOf(module) }),
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
