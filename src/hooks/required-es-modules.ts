import { readFileSync } from "node:fs";
import { createRequire, Module } from "node:module";
import { fileURLToPath } from "node:url";
import { types } from "node:util";
import { report } from "./commonjs.js";
import { isHooked } from "./report.js";
import type { Watch } from "./watch.js";

type Require = (this: NodeJS.Module, id: string) => unknown;

const { prototype } = Module as unknown as { prototype: { require: Require } };
const require = createRequire(import.meta.url);

/**
 * Reports the ES modules that one which is required imports, before it is given to who requires it: Node evaluates them without
 * its loader thread, so the hooks there do not see them.
 * @param isWanted whether any package with ES modules is hooked
 * @returns the undo
 */
export function followRequiredEsModules(watch: Watch, isWanted: () => boolean): () => void {
  const original = prototype.require;
  let looking = false;
  const look = (): void => {
    looking = true;
    watch.attempt("an ES module that was required", () => reportUnseen(watch), "what it imports is not guarded");
    looking = false;
  };
  const wrapper: Require = function require(id) {
    const exports = original.call(this, id);
    if (!looking && watch.active && types.isModuleNamespaceObject(exports) && isWanted()) look();
    return exports;
  };
  prototype.require = wrapper;
  return () => {
    if (prototype.require === wrapper) prototype.require = original;
  };
}

/** A file that the loader thread's hooks have seen is longer as a script, by a footer. */
function reportUnseen(watch: Watch): void {
  const { evaluatedScripts } = require("./evaluated-scripts.js") as typeof import("./evaluated-scripts.js");
  for (const { url, isModule, length } of evaluatedScripts()) {
    if (!isModule || !url.startsWith("file:")) continue;
    const path = fileURLToPath(url);
    if (!isHooked(watch, path) || watch.reported.has(path)) continue;
    if (length === readFileSync(path, "utf8").length) report(watch, path, require(path), () => {});
  }
}
