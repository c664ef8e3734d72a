import { hookBundled, scanBundled } from "./bundled.js";
import type { InstallHooks } from "./hooks.js";
import { type HookedModule, Watch } from "./watch.js";

/** The hooks of an app that is one bundle: no module of it is loaded. */
export const installInBundle: InstallHooks = (modules, onLoad, onError) => {
  const watch = new Watch(onLoad, onError);
  const undo = hookBundled(watch);
  const add = (added: readonly HookedModule[]) => {
    if (!watch.active) return;
    watch.add(added);
    scanBundled(watch);
  };
  add(modules);
  return {
    esm: "none",
    add,
    unhook() {
      watch.active = false;
      undo();
    },
  };
};
