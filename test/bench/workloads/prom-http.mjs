import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const BUCKETS = [0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];

/**
 * Requests to an HTTP server that counts, times and gauges each, in CPU microseconds of the server a request.
 * @param {{ client: string, requests: number }} args
 */
export default async function promHttp({ client, requests }) {
  const { Counter, Gauge, Histogram } = createRequire(import.meta.url)(client);
  const labelNames = ["method", "route", "code"];
  const counter = new Counter({ name: "http_requests_total", help: "Requests.", labelNames });
  const histogram = new Histogram({ name: "http_request_seconds", help: "Seconds.", labelNames, buckets: BUCKETS });
  const gauge = new Gauge({ name: "http_requests_in_flight", help: "In flight." });
  const server = createServer((request, response) => {
    gauge.inc();
    const end = histogram.startTimer({ method: request.method, route: request.url });
    response.end("ok");
    counter.inc({ method: request.method, route: request.url, code: 200 });
    end({ code: 200 });
    gauge.dec();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const file = fileURLToPath(new URL("../lib/http-load.mjs", import.meta.url));
  const { FLUSHGUARD_MULTIPROCESS_DIR: _, ...env } = process.env;
  const load = spawn(process.execPath, [file, String(port), String(requests)], {
    env,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  process.on("disconnect", () => load.disconnect());
  return async () => {
    const before = process.cpuUsage();
    load.send("go");
    await once(load, "message");
    const { user, system } = process.cpuUsage(before);
    return (user + system) / requests;
  };
}
