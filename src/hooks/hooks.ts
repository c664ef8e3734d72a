import type { EsmHooks } from "./esm-hooks.js";
import type { OnLoad } from "./loaded-file.js";
import type { HookedModule, OnError } from "./watch.js";

/** Hooks in place. */
export interface Hooks {
  /** How ES modules are hooked now, or will be as the first is loaded; `none` also on an older Node when no package to hook has an ES module build. */
  readonly esm: EsmHooks;
  /** Hooks further packages, and reports their files that are already loaded. */
  add(modules: readonly HookedModule[]): void;
  /** Takes everything out again. A wrapper that somebody else has wrapped since stays in place, without effect. */
  unhook(): void;
}

/**
 * Reports the files of the given packages as they are loaded, and those that already are, as far as they can be known.
 * @param modules packages to hook
 * @param onLoad called before a file's importers run, for one file possibly more than once
 * @param onError takes what `onLoad` throws and where that was; nothing of it reaches the app
 */
export type InstallHooks = (modules: readonly HookedModule[], onLoad: OnLoad, onError: OnError) => Hooks;
