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

/** What comes behind it in the names that there are. */
const WORDS = "CONFIG DOCTOR DRAIN FLUSH LOG MAX METRICS MULTIPROCESS TARGETS".split(" ");

/**
 * Whether the name of a variable begins as ours do, in any case, with FLUSH_GUARD, a dash or a dot behind it, letters in another
 * order, one missing or one too many, or nothing between it and a word of ours. Without regular expressions: each takes a millisecond to be ready.
 */
export function isLikeOurs(name: string): boolean {
  if (name.slice(0, 2).toUpperCase() !== "FL") return false;
  const [first = "", second = ""] = name.toUpperCase().replaceAll("-", "_").replaceAll(".", "_").split("_");
  if (WORDS.some((word) => first.startsWith(NAME + word))) return true;
  let rest = first.includes("G") ? first : first + second;
  let missing = 0;
  for (const letter of NAME) {
    if (!rest.includes(letter)) missing++;
    rest = rest.replace(letter, "");
  }
  return missing + rest.length <= 1;
}
