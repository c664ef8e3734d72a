import type { Binding } from "./report.js";

/** Key of the global set of functions that the footers call. Also the mark of a module that already has its footer. */
export const RECEIVERS = "flushguard.es-module-receivers";

/**
 * Takes a module that has just been evaluated: the namespace of an ES module, or the exports of CommonJS with what replaces
 * the whole of them. Must not throw: it runs inside the module.
 */
export type Receiver = (
  url: string,
  exports: unknown,
  bindings: Record<string, Binding>,
  setExports?: (value: unknown) => void,
) => void;
