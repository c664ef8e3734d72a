import { hookCompile, hookRequire, scanLoaded } from "./commonjs.js";
import { EsModuleHooks, type EsmHooks, synchronousHooksWork } from "./es-modules.js";
import type { OnLoad } from "./loaded-file.js";
import { noticeUnseen } from "./unseen.js";
import { type HookedModule, Watch } from "./watch.js";

export type { EsmHooks } from "./es-modules.js";
export type { LoadedFile, OnLoad } from "./loaded-file.js";
export type { HookedModule } from "./watch.js";

/** Hooks in place. */
export interface Hooks {
  /** How ES modules are hooked now; `none` also when no package to hook has an ES module build. */
  readonly esm: EsmHooks;
  /** Hooks further packages, and reports their files that are already loaded. */
  add(modules: readonly HookedModule[]): void;
  /** Takes everything out again. A wrapper that somebody else has wrapped since stays in place, without effect. */
  unhook(): void;
}

/**
 * Reports every CommonJS file and ES module of the given packages as it is loaded, and the CommonJS files that already are.
 * @param modules packages to hook
 * @param onLoad called before a file's importers run, for one file possibly more than once
 * @param onError takes what `onLoad` throws and where that was; nothing of it reaches the app
 */
export function installHooks(
  modules: readonly HookedModule[],
  onLoad: OnLoad,
  onError: (error: unknown, where: string) => void,
): Hooks {
  const watch = new Watch(onLoad, onError);
  const esModules = new EsModuleHooks(watch);
  const undo = [hookRequire(watch), hookCompile(watch)];
  if (!synchronousHooksWork(process.versions.node)) undo.push(noticeUnseen(watch));
  const add = (added: readonly HookedModule[]) => {
    if (!watch.active) return;
    esModules.add(watch.add(added));
    scanLoaded(watch);
  };
  add(modules);
  return {
    get esm() {
      return esModules.mode;
    },
    add,
    unhook() {
      watch.active = false;
      for (const take of undo.splice(0)) take();
      esModules.unhook();
    },
  };
}
