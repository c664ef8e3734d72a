import { installHooks } from "./hooks/index.js";
import { type Runtime, runtimeWith } from "./runtime.js";

/** The guard of an app on Node. */
export function runtime(): Runtime {
  return runtimeWith(installHooks);
}
