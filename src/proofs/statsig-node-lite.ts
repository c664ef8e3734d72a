import type { Proof } from "./proof.js";
import { scenariosOf } from "./statsig/scenarios.js";

/** Proves that `flush()` of statsig-node-lite waits for the events that are on their way. */
export const proof: Proof = { module: "statsig-node-lite", scenarios: scenariosOf("statsig-node-lite") };
