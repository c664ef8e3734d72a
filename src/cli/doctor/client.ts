import { isFixedUpstream, isUnaffected, versionObstacle } from "../../packages/version-obstacle.js";
import type { Found } from "../../patch/found.js";
import type { Target } from "../../target.js";
import type { TargetEntry } from "../../targets/list.js";

/** What is so of one copy of a client, and whether it is lacking: unguarded where it should be guarded. */
const STATES = {
  guarded: false,
  /** All but what a target of the app's own declares and that is not there. */
  "guarded in part": true,
  /** It would be, by an app that is started with the preload. */
  "can be guarded": false,
  /** Watched and left as it is. */
  observed: false,
  /** It was loaded, without the file that has what is guarded. */
  "not used": false,
  "fixed upstream": false,
  "nothing to guard": false,
  /** By FLUSHGUARD, FLUSHGUARD_TARGETS or `disable()`. */
  disabled: false,
  "out of range": true,
  "wrong shape": true,
  "loaded before the guard": true,
  /** Inlined by a bundler, and flushguard with it. */
  "left to the app": false,
  /** Inlined by a bundler. */
  bundled: true,
  /** Installed under another name, which the app's package.json does not tell. */
  "out of reach": true,
  /** Loading it failed. */
  "not tried": true,
} as const;

export type State = keyof typeof STATES;

/** One copy of a supported client. */
export interface Client {
  module: string;
  /** "unknown" where it does not tell. */
  version: string;
  /** Absolute: its folder, or the file that it is bundled into. */
  path: string;
  state: State;
  /** Files of it whose class is guarded. */
  files: string[];
  /** Why it, or a part of it, is not guarded. */
  reasons: string[];
}

export type Copy = Pick<Client, "module" | "version" | "path">;

export function client(
  { module, version, path }: Copy,
  state: State,
  reasons: string[] = [],
  files: string[] = [],
): Client {
  return { module, version, path, state, files, reasons };
}

/** Whether it is guarded or observed, or can be. */
export function isAtWork({ state }: Client): boolean {
  return state === "guarded" || state === "observed" || state === "can be guarded";
}

/** Whether it should be guarded and is not. */
export function isLacking({ state }: Client): boolean {
  return STATES[state];
}

/** The targets that fit the version of a copy, or what is so of a copy that none fits. */
export function fitting(copy: Copy, entries: readonly TargetEntry[]): { targets: Target[] } | { unfit: Client } {
  const all = entries.flatMap((entry) => entry.load());
  const targets = all.filter((target) => versionObstacle(target, copy.version) === undefined);
  if (targets.length > 0) return { targets };
  const reasons = all.flatMap((target) => versionObstacle(target, copy.version) ?? []);
  const some = (is: (target: Target, version: string) => boolean) => all.some((target) => is(target, copy.version));
  const state = some(isFixedUpstream) ? "fixed upstream" : some(isUnaffected) ? "nothing to guard" : "out of range";
  return { unfit: client(copy, state, [...new Set(reasons)]) };
}

/**
 * What became of a copy whose target's file was loaded.
 * @param state of a copy of which something was patched
 */
export function patchedClient(
  copy: Copy,
  { patched, reasons, missing = [] }: Pick<Found, "patched" | "reasons" | "missing">,
  state: State,
): Client {
  if (patched.length === 0) return client(copy, "wrong shape", reasons);
  if (missing.length > 0) return client(copy, "guarded in part", reasons, patched);
  return client(copy, state, reasons, patched);
}
