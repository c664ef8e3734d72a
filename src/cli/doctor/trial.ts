import { createRequire } from "node:module";
import { setImmediate as turn } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { constants, Script } from "node:vm";
import { type Found, status } from "../../index.js";
import { reasonOf } from "../../reason-of.js";
import type { Status } from "../../status.js";

/** What came of loading a copy under the preload. */
export interface Tried {
  status: Status;
  /** Why what could not be loaded could not. */
  errors: string[];
  /** It is guarded where it is required, and not where it is imported. */
  missedByImport: boolean;
}

// A process of its own: loads a package as a file beside its `node_modules` would, by `require` and by `import`, then the files
// that a target names, and tells what the guard made of them.
const [from = "", module, name = "", ...files] = process.argv.slice(2);
const importFrom = new Script("(specifier) => import(specifier)", {
  filename: from,
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
}).runInThisContext() as (specifier: string) => Promise<unknown>;
const errors: string[] = [];
const patched = () => status().targets.some((target) => target.module === module && target.found.some(isPatched));
const isPatched = (found: Found) => found.patched.length > 0;

/** @returns whether it could be loaded, and something of the package is guarded now */
async function attempt(load: () => unknown): Promise<{ loaded: boolean; guarded: boolean }> {
  let loaded = true;
  try {
    await load();
  } catch (error) {
    const [line = ""] = reasonOf(error).split("\n");
    errors.push(line);
    loaded = false;
  }
  // A target without a file is missed a turn after its package was loaded.
  await turn();
  return { loaded, guarded: patched() };
}

async function run(): Promise<void> {
  let missedByImport = false;
  if (module !== undefined) {
    const imported = await attempt(() => importFrom(name));
    const required = await attempt(() => createRequire(from)(name));
    missedByImport = imported.loaded && !imported.guarded && required.guarded;
  }
  for (const file of files) await attempt(() => import(pathToFileURL(file).href));
  const tried: Tried = { status: status(), errors, missedByImport };
  process.send?.(tried, () => process.exit());
}

void run();
