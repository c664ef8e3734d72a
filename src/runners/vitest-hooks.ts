import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { types } from "node:util";
import { hookCompile, scanLoaded } from "../hooks/commonjs.js";
import type { InstallHooks } from "../hooks/hooks.js";
import { hookOutsideNode } from "../hooks/outside-node.js";
import { reportModule } from "../hooks/report.js";
import { type HookedModule, Watch } from "../hooks/watch.js";
import { namedFiles } from "../named-files.js";
import { copiesOf, filesLike } from "./copies.js";

/**
 * The hooks of a test file in Vitest's vmThreads or vmForks, which evaluate modules themselves, anew for each test file. CommonJS goes through
 * a compile step as Node's does. No hook sees an ES module there, so those that targets name are imported before the test is.
 * @param loading takes what has to settle before the test file may be loaded
 */
export function installInVitest(loading: Promise<void>[]): InstallHooks {
  return (modules, onLoad, onError) => {
    const watch = new Watch(onLoad, onError);
    const undo = hookCompile(watch, (source) => source);
    const hook = (added: readonly HookedModule[]): void => {
      scanLoaded(watch);
      for (const { name, esm, replaceable = [] } of added) {
        // What another module has imported by name cannot be given another value from outside.
        if (esm && replaceable.length === 0) loading.push(importNamed(watch, name));
      }
    };
    return hookOutsideNode(watch, modules, hook, undo);
  };
}

async function importNamed(watch: Watch, name: string): Promise<void> {
  const patterns = namedFiles().get(name)?.files ?? [undefined];
  for (const basedir of copiesOf(name)) {
    for (const file of patterns.flatMap((pattern) => filesLike(basedir, pattern))) {
      try {
        const namespace: unknown = await import(pathToFileURL(join(basedir, file)).href);
        if (types.isModuleNamespaceObject(namespace))
          reportModule(watch, { name, basedir, file }, namespace as object, {});
      } catch {
        // It is for the test to find out that it cannot be loaded.
      }
    }
  }
}
