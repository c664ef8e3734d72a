import { createRequire } from "node:module";
import type { Target } from "../target.js";

/** A supported package. Its declaration is loaded when the package is. */
export interface TargetEntry {
  module: string;
  /** Whether it has a build of ES modules with classes of their own. */
  esm: boolean;
  /** Exported function that its clients come from. */
  factory?: string | undefined;
  load(): Target;
}

const require = createRequire(import.meta.url);

/** Name of the file that a package's declaration and its proof have, without the extension. */
export function fileOf(module: string): string {
  return module.replace("@", "").replace("/", "-");
}

function entry(module: string, esm = false): TargetEntry {
  return { module, esm, load: () => (require(`./${fileOf(module)}.js`) as { target: Target }).target };
}

export const targets: readonly TargetEntry[] = [
  entry("@amplitude/analytics-core"),
  entry("@influxdata/influxdb-client", true),
  entry("@launchdarkly/js-sdk-common"),
  entry("@opentelemetry/sdk-logs", true),
  entry("@opentelemetry/sdk-metrics", true),
  entry("@opentelemetry/sdk-trace", true),
  entry("@opentelemetry/sdk-trace-base"),
  entry("@optimizely/optimizely-sdk"),
  entry("@rudderstack/rudder-sdk-node"),
  entry("@segment/analytics-node"),
  entry("applicationinsights"),
  entry("aws-embedded-metrics"),
  entry("cloudwatch-metrics"),
  entry("datadog-metrics"),
  entry("flagsmith-nodejs", true),
  entry("hot-shots"),
  entry("launchdarkly-node-server-sdk"),
  entry("librato-node"),
  entry("statsd-client"),
  entry("unleash-client"),
];
