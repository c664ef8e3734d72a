// The clients' own scenarios, with the clients inside the bundle.
import * as metrics from "@opentelemetry/sdk-metrics";
import * as flagsmith from "flagsmith-nodejs";
import { proof as aws } from "../../../dist/src/proofs/aws-embedded-metrics.js";
import { proof as flags } from "../../../dist/src/proofs/flagsmith-nodejs.js";
import { proof as statsd } from "../../../dist/src/proofs/hot-shots.js";
import { proof as otel } from "../../../dist/src/proofs/opentelemetry-sdk-metrics.js";
import { proof as segment } from "../../../dist/src/proofs/segment-analytics-node.js";
import { required } from "./required.cjs";

const proofs = [statsd, flags, aws, otel, segment];
const imported = { "@opentelemetry/sdk-metrics": metrics, "flagsmith-nodejs": flagsmith };
const load = { require: (name) => required[name](), import: async (name) => imported[name] };

/** By module and name. */
export const scenarios = new Map(
  proofs.flatMap(({ module, scenarios }) =>
    scenarios.map((scenario) => [`${module}: ${scenario.name}`, () => scenario.run(load)]),
  ),
);
