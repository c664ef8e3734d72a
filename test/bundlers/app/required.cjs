// The CommonJS copies, each loaded when a scenario asks for it.
exports.required = {
  "hot-shots": () => require("hot-shots"),
  "flagsmith-nodejs": () => require("flagsmith-nodejs"),
  "aws-embedded-metrics": () => require("aws-embedded-metrics"),
  "@opentelemetry/sdk-metrics": () => require("@opentelemetry/sdk-metrics"),
  "@segment/analytics-node": () => require("@segment/analytics-node"),
};
