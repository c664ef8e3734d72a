import { hookBundled, scanBundled } from "./bundled.js";
import type { InstallHooks } from "./hooks.js";
import { hookOutsideNode } from "./outside-node.js";
import { Watch } from "./watch.js";

/** The hooks of an app that is one bundle: no module of it is loaded. */
export const installInBundle: InstallHooks = (modules, onLoad, onError) => {
  const watch = new Watch(onLoad, onError);
  const undo = hookBundled(watch);
  return hookOutsideNode(watch, modules, () => scanBundled(watch), undo);
};
