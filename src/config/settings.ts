import type { Config } from "./config.js";
import type { Source } from "./source.js";

/** What our variables ask for; `source`: where the user's own targets are, if they name it. */
export type Settings = Omit<Config, "enabled" | "userTargets" | "problems"> & { readonly source: Source | undefined };

/** What holds where none is set. */
export const DEFAULTS: Settings = {
  source: undefined,
  observe: false,
  targets: { only: undefined, except: [] },
  metrics: [],
  logLevel: "warn",
  flushTimeoutMs: 30_000,
  maxHeld: 100_000,
  multiprocess: undefined,
  drain: undefined,
  drainTimeoutMs: 5_000,
};

const NAME = "FLUSHGUARD";
const sorted = (word: string) => word.split("").sort().join();

/**
 * Whether the name of a variable begins as ours do, in any case, with FLUSH_GUARD, letters in another order, and a dash or a
 * dot behind it: a regular expression takes a millisecond to be ready.
 */
export function isLikeOurs(name: string): boolean {
  if (name.slice(0, 5).toUpperCase() !== "FLUSH") return false;
  const rest = name.slice(name[5] === "_" ? 6 : 5).toUpperCase();
  const [next = "_"] = rest.slice(5);
  return "_-.".includes(next) && sorted(`FLUSH${rest.slice(0, 5)}`) === sorted(NAME);
}
