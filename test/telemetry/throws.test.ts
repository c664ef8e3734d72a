import { expect, test } from "vitest";
import { setLogLevel } from "../../dist/src/log.js";
import { Metrics } from "../../dist/src/telemetry/metrics/index.js";

setLogLevel("silent");

test.each([new Error("refused"), "refused", null, Object.create(null)])(
  "what the app's metric system throws stays out of the app, whatever it is",
  (thrown) => {
    const getMeterProvider = (): never => {
      throw thrown;
    };
    const metrics = new Metrics(["otel"], "averted", () => []);
    metrics.start();
    try {
      expect(metrics.loaded("@opentelemetry/api", { metrics: { getMeterProvider } })).toBe(undefined);
    } finally {
      metrics.stop();
    }
  },
);
