// All its instrumentations, as its documentation starts it, and no collector to send to.
Object.assign(process.env, { OTEL_TRACES_EXPORTER: "none", OTEL_METRICS_EXPORTER: "none", OTEL_LOGS_EXPORTER: "none" });
await import("@opentelemetry/auto-instrumentations-node/register");
