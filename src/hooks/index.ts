import { aliases } from "../packages/aliases.js";
import { hookBundled, scanBundled } from "./bundled.js";
import { compileStep, hookCompile, hookRequire, scanLoaded } from "./commonjs.js";
import { EsModuleHooks, synchronousHooksWork } from "./es-modules.js";
import type { InstallHooks } from "./hooks.js";
import { followApp } from "./turns.js";
import { noticeUnseen } from "./unseen.js";
import { type HookedModule, Watch } from "./watch.js";

export type { Hooks, InstallHooks } from "./hooks.js";
export type { LoadedFile, OnLoad } from "./loaded-file.js";
export type { HookedModule } from "./watch.js";

/** The hooks of an app on Node: every way in which a file is loaded, and bundles. */
export const installHooks: InstallHooks = (modules, onLoad, onError) => {
  const watch = new Watch(onLoad, onError, aliases());
  const esModules = new EsModuleHooks(watch);
  const undo = [() => esModules.unhook()];
  const add = (added: readonly HookedModule[]) => {
    if (!watch.active) return;
    esModules.add(watch.add(added));
    scanLoaded(watch);
    scanBundled(watch);
  };
  const unhook = () => {
    watch.active = false;
    for (let take = undo.pop(); take !== undefined; take = undo.pop()) watch.attempt("unhook", take);
  };
  try {
    // What somebody else has put in the place of ours may not call it, as v8-compile-cache does not.
    let ours: unknown;
    undo.push(hookRequire(watch, () => compileStep() === ours));
    undo.push(hookCompile(watch, (source, filename, format) => esModules.beforeCompile(source, filename, format)));
    undo.push(hookBundled(watch));
    if (!synchronousHooksWork(process.versions.node)) {
      undo.push(followApp((folder) => watch.attempt("module.register", () => esModules.lookFrom(folder()))));
      undo.push(noticeUnseen(watch));
    }
    ours = compileStep();
    add(modules);
  } catch (error) {
    unhook();
    throw error;
  }
  return {
    get esm() {
      return esModules.mode;
    },
    add,
    unhook,
  };
};
