/**
 * Ends an app by SIGTERM that has eight clients with a hundred records each, and prints what has arrived and how long it took:
 *
 *     npm run build && node test/drain/sigterm.mjs --runs 10
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startServer } from "../senders/server.mjs";

const APP = fileURLToPath(new URL("../fixtures/drain/serves.cjs", import.meta.url));
const REGISTER = new URL("../../dist/register.js", import.meta.url).href;
const CLIENTS = ["segment", "rudder", "datadog-metrics", "influx", "otel", "unleash", "flagsmith", "launchdarkly"];
const RECORDS = 100;
const LATENCY_MS = 100;

const { values } = parseArgs({ options: { runs: { type: "string", default: "10" } } });
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1) {
  console.error(`--runs: found ${JSON.stringify(values.runs)}, expected a whole number over 0`);
  process.exit(2);
}

/** @param {boolean} guarded */
async function run(guarded) {
  const server = await startServer({ latencyMs: LATENCY_MS });
  const env = { ...process.env, SINK_URL: server.url, CLIENTS: CLIENTS.join(), RECORDS: String(RECORDS) };
  const app = spawn(process.execPath, [...(guarded ? ["--import", REGISTER] : []), APP], {
    env: { ...env, FLUSHGUARD: guarded ? "on" : "off", FLUSHGUARD_DRAIN: "on" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  await once(app.stdout, "data");
  const begun = performance.now();
  app.kill("SIGTERM");
  const [code, signal] = await once(app, "exit");
  const ms = performance.now() - begun;
  const bodies = (await server.take()).filter(({ accepted }) => accepted).map(({ body }) => body);
  server.close();
  const names = bodies.flatMap((body) => [...new Set(body.match(/r\.\w+\.\d+\./g))]);
  return { ms, end: signal ?? code, arrived: new Set(names).size, times: names.length };
}

for (const guarded of [false, true]) {
  const all = [];
  for (let i = 0; i < runs; i++) all.push(await run(guarded));
  const ms = all.map((one) => one.ms - (guarded ? LATENCY_MS : 0)).sort((a, b) => a - b);
  const each = all.map(({ arrived, times }) => `${arrived}${times > arrived ? ` (${times})` : ""}`).join(" ");
  console.log(`${guarded ? "guarded" : "unguarded"}: arrived ${each} of ${CLIENTS.length * RECORDS}`);
  const over = guarded ? ` over the server's ${LATENCY_MS}` : "";
  console.log(
    `  ends: ${[...new Set(all.map(({ end }) => end))].join(", ")}; least ${ms[0]?.toFixed(0)} ms, median ${ms[ms.length >> 1]?.toFixed(0)} ms${over}`,
  );
}
