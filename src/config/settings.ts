import type { Config } from "./config.js";

/** What our variables ask for; `source`: where the user's own targets are. */
export type Settings = Omit<Config, "enabled" | "userTargets" | "problems"> & { readonly source: string | undefined };

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

/** Whether the name of a variable begins as ours do, in any case: a regular expression takes a millisecond to be ready. */
export function isLikeOurs(name: string): boolean {
  const start = name.slice(0, "FLUSHGUARD_".length).toUpperCase();
  return start === "FLUSHGUARD" || start === "FLUSHGUARD_";
}
