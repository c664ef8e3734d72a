import type { Target } from "../target.js";
import { target as launchdarkly } from "./launchdarkly-node-server-sdk.js";

/** Run: 5.6.2, 5.7.2 and 5.8.0. What launchdarkly-node-server-sdk was called before: the queue is a variable of the same function. */
export const target: Target = { ...launchdarkly, module: "ldclient-node", versions: ">=5.6.2 <6" };
