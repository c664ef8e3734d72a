import type { Hooks } from "./hooks.js";
import type { HookedModule, Watch } from "./watch.js";

/**
 * The hooks of an app whose modules Node does not load itself.
 * @param hook hooks packages, which are watched already
 * @param undo takes out what is hooked
 */
export function hookOutsideNode(
  watch: Watch,
  modules: readonly HookedModule[],
  hook: (added: readonly HookedModule[]) => void,
  undo: () => void = () => {},
): Hooks {
  const add = (added: readonly HookedModule[]): void => {
    if (watch.active) hook(watch.add(added));
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
}
