import { type Sdk, scenariosOf } from "./launchdarkly/scenarios.js";
import type { Proof } from "./proof.js";

export const proof: Proof = {
  module: "ldclient-node",
  scenarios: scenariosOf((load) => load.require("ldclient-node") as Sdk),
};
