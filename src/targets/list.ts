import { createRequire } from "node:module";
import type { Target } from "../target.js";

/** A supported package. Its declaration is loaded when the package is. */
export interface TargetEntry {
  module: string;
  /** Whether it has a build of ES modules with classes of their own. */
  esm: boolean;
  /** The files of that build that its declarations are about, where it has hundreds. */
  esmFiles?: RegExp;
  /** Exported functions that may have to be replaced in an ES module. */
  functions?: readonly string[];
  /** Its declarations: one for each class, or set of functions, with a buffer of its own. */
  load(): readonly Target[];
}

const require = createRequire(import.meta.url);

/** Name of the file that a package's declaration and its proof have, without the extension. */
export function fileOf(module: string): string {
  return module.replace("@", "").replace("/", "-");
}

function entry(module: string, esm = false, more: Pick<TargetEntry, "esmFiles" | "functions"> = {}): TargetEntry {
  // Asked for with each file of the package, of which it may have hundreds.
  let loaded: readonly Target[] | undefined;
  const load = (): readonly Target[] => {
    if (loaded !== undefined) return loaded;
    const file = fileOf(module);
    const { target, targets } = require(`./${file}.js`) as { target: Target; targets?: readonly Target[] };
    loaded = targets ?? [target];
    return loaded;
  };
  return { module, esm, ...more, load };
}

export const targets: readonly TargetEntry[] = [
  entry("@amplitude/analytics-core"),
  entry("@amplitude/node"),
  entry("@axiomhq/js", true, { functions: ["Batch"] }),
  entry("@axiomhq/logging", true),
  entry("@axiomhq/winston", true),
  entry("@google-cloud/pubsub"),
  entry("@influxdata/influxdb-client", true),
  entry("@launchdarkly/js-sdk-common"),
  entry("@logtail/node"),
  entry("@logtail/winston"),
  entry("@openai/agents-core", true),
  entry("@opentelemetry/sdk-logs", true),
  entry("@opentelemetry/sdk-metrics", true),
  entry("@opentelemetry/sdk-trace", true),
  entry("@opentelemetry/sdk-trace-base"),
  entry("@optimizely/optimizely-sdk", true, { esmFiles: /^dist\/index\.node\.es\./ }),
  entry("@rudderstack/rudder-sdk-node"),
  entry("@segment/analytics-node"),
  entry("@sentry/core", true, {
    esmFiles: /\b(?:logs|metrics)\//,
    functions: [
      "_INTERNAL_captureLog",
      "_INTERNAL_flushLogsBuffer",
      "_INTERNAL_captureMetric",
      "_INTERNAL_flushMetricsBuffer",
    ],
  }),
  entry("@snowplow/tracker-core"),
  entry("analytics-node"),
  entry("applicationinsights"),
  entry("aws-embedded-metrics"),
  entry("cloudwatch-metrics"),
  entry("datadog-metrics"),
  entry("flagsmith-nodejs", true),
  entry("fluent-logger"),
  entry("hot-shots"),
  entry("jaeger-client"),
  entry("langfuse-core", true),
  entry("langsmith", true),
  entry("launchdarkly-node-server-sdk"),
  entry("ldclient-node"),
  entry("libhoney", true),
  entry("librato-node"),
  entry("logdna"),
  entry("logzio-nodejs"),
  entry("lunary", true),
  entry("measured-reporting"),
  entry("posthog-node"),
  entry("splunk-logging"),
  entry("statsd-client"),
  entry("statsig-node"),
  entry("statsig-node-lite"),
  entry("unleash-client"),
  entry("winston"),
  entry("winston-cloudwatch"),
  entry("winston-daily-rotate-file"),
  entry("winston-elasticsearch"),
  entry("winston-loki"),
  entry("winston-sumologic-transport"),
];
