import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { createGunzip } from "node:zlib";
import { started } from "./processes.mjs";
import { temporaryFolder } from "./run.mjs";

/**
 * Starts a real OpenTelemetry collector, and a backend that takes what it exports.
 * @param {string} file of the collector
 * @param {string} config its configuration, in YAML
 */
export async function startCollector(file, config) {
  /** The last value of each series, by the host it is from. @type {Map<string, number>} */
  const values = new Map();
  /** @param {import("node:http").IncomingMessage} request */
  const take = async (request) => {
    const { resourceMetrics } = /** @type {any} */ (await json(request.pipe(createGunzip())));
    for (const { resource, scopeMetrics } of resourceMetrics) {
      const host = resource.attributes.find(({ key }) => key === "service.instance.id").value.stringValue;
      for (const { name, sum } of scopeMetrics.flatMap(({ metrics }) => metrics)) {
        for (const { attributes = [], asDouble } of sum?.dataPoints ?? []) {
          values.set(`${name}${JSON.stringify(attributes)} ${host}`, asDouble);
        }
      }
    }
  };
  const backend = createServer((request, response) => {
    response.setHeader("content-type", "application/json");
    void take(request).then(() => response.end("{}"));
  });
  await once(backend.listen(0, "127.0.0.1"), "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (backend.address());

  const path = join(temporaryFolder(), "otel-collector.yml");
  writeFileSync(path, config);
  const { end } = started(file, [
    `--config=${path}`,
    `--set=exporters.otlp_http.endpoint=http://127.0.0.1:${port}`,
    "--set=exporters.otlp_http.encoding=json",
    "--set=service.telemetry.metrics.level=none",
    "--set=service.telemetry.logs.level=error",
  ]);
  return {
    /**
     * The values of a metric.
     * @param {string} name
     */
    of: (name) => [...values].filter(([key]) => key.startsWith(`${name}[`)).map(([, value]) => value),
    end: async () => {
      await end();
      backend.close();
    },
  };
}
