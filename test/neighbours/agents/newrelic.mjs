Object.assign(process.env, {
  NEW_RELIC_APP_NAME: "app",
  NEW_RELIC_LICENSE_KEY: "0".repeat(40),
  NEW_RELIC_HOST: "127.0.0.1",
  NEW_RELIC_LOG_ENABLED: "false",
});
await import("newrelic");
