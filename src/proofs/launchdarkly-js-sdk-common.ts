import { type Sdk, scenariosOf } from "./launchdarkly/scenarios.js";
import type { Proof } from "./proof.js";

export const proof: Proof = {
  module: "@launchdarkly/js-sdk-common",
  scenarios: scenariosOf((load) => load.require("@launchdarkly/node-server-sdk") as Sdk),
};
