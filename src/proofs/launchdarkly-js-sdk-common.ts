import { type Sdk, scenariosOf } from "./launchdarkly/scenarios.js";
import type { Proof } from "./proof.js";

export const proof: Proof = {
  module: "@launchdarkly/js-sdk-common",
  beside: ["@launchdarkly/node-server-sdk"],
  scenarios: scenariosOf((load) => load.require("@launchdarkly/node-server-sdk") as Sdk),
};
