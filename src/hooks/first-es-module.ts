import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isOnlyPreload } from "./preload-options.js";

/** Where Node tells of every `import()`, the app's own start by `--import` included, before it looks for what is imported. */
const CHANNEL = "tracing:module.import:start";

/** The newest Node of which that is known. */
const NEWEST = 26;

interface Import {
  url?: unknown;
  parentURL?: string | undefined;
}

/**
 * Whether hooks on ES modules can wait for the first one: any `load` hook makes CommonJS a sixth slower to load, and most apps
 * of CommonJS import nothing. An ES module comes by an `import`, or is required and so comes to `_compile`, unless others have
 * a hand in how modules are loaded.
 */
export function isFirstEsModuleTold(): boolean {
  return Number.parseInt(process.versions.node, 10) <= NEWEST && isOnlyPreload();
}

/**
 * Calls back before anything that may be an ES module is imported, each time until it is undone.
 * @returns the undo
 */
export function beforeFirstImport(callBack: () => void): () => void {
  const onImport = (message: unknown): void => {
    if (!isCommonJs(message as Import)) callBack();
  };
  subscribe(CHANNEL, onImport);
  return () => void unsubscribe(CHANNEL, onImport);
}

/** Whether that is a module of Node's own, or an app that starts as CommonJS: by its source, as its package may not tell. */
function isCommonJs({ url, parentURL }: Import): boolean {
  const target = String(url);
  if (target.startsWith("node:")) return true;
  if (parentURL !== undefined || !target.startsWith("file:")) return false;
  if (target.endsWith(".cjs")) return true;
  try {
    return target.endsWith(".js") && !mayBeEsModule(readFileSync(fileURLToPath(target), "utf8"));
  } catch {
    return false;
  }
}

/** Whether a source, of which its package tells nothing, may be that of an ES module that imports or exports anything. */
export function mayBeEsModule(source: string): boolean {
  return /\b(?:import|export)\b/.test(source);
}
