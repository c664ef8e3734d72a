// As `--import dd-trace/initialize.mjs` starts it, and no agent to send to.
Object.assign(process.env, {
  DD_INSTRUMENTATION_TELEMETRY_ENABLED: "false",
  DD_REMOTE_CONFIGURATION_ENABLED: "false",
  DD_TRACE_AGENT_URL: "http://127.0.0.1:9",
  DD_TRACE_STARTUP_LOGS: "false",
});
await import("dd-trace/initialize.mjs");
