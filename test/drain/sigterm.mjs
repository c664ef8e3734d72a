/**
 * Ends an app by SIGTERM that has eight clients with a hundred records each, and prints what has arrived and how long it took,
 * beside an app that calls the clients' own flushes in a listener:
 *
 *     npm run build && node test/drain/sigterm.mjs --runs 10
 *
 * On a machine that is busy: `chrt -r 1 node test/drain/sigterm.mjs`, as root.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startServer } from "../senders/server.mjs";

const APPS = new URL("../fixtures/drain/", import.meta.url);
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

const WAYS = {
  unguarded: { app: "serves.cjs", preload: [], waits: false },
  "flushed by hand": { app: "by-hand.cjs", preload: [], waits: true },
  guarded: { app: "serves.cjs", preload: ["--import", REGISTER], waits: true },
};

/** @param {typeof WAYS[keyof typeof WAYS]} way */
async function run({ app: file, preload }) {
  const server = await startServer({ latencyMs: LATENCY_MS });
  const env = { ...process.env, SINK_URL: server.url, CLIENTS: CLIENTS.join(), RECORDS: String(RECORDS) };
  const app = spawn(process.execPath, [...preload, fileURLToPath(new URL(file, APPS))], {
    env: { ...env, FLUSHGUARD_DRAIN: "on" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  await once(app.stdout, "data");
  // One client sends its first record at once and the others only after the answer: those are to be in its buffer.
  const taken = [];
  while (taken.length === 0) {
    await sleep(LATENCY_MS);
    taken.push(...(await server.take()));
  }
  const begun = performance.now();
  app.kill("SIGTERM");
  const [code, signal] = await once(app, "exit");
  const ms = performance.now() - begun;
  taken.push(...(await server.take()));
  server.close();
  const bodies = taken.filter(({ accepted }) => accepted).map(({ body }) => body);
  const names = bodies.flatMap((body) => [...new Set(body.match(/r\.\w+\.\d+\./g))]);
  return { ms, end: signal ?? code, arrived: new Set(names).size, times: names.length };
}

const all = Object.entries(WAYS).map(([name, way]) => {
  /** @type {Awaited<ReturnType<typeof run>>[]} */
  const ended = [];
  return { name, way, ended };
});
// In turns, so that what else the machine does falls on all of them.
for (let i = 0; i < runs; i++) for (const { way, ended } of all) ended.push(await run(way));
for (const { name, way, ended } of all) {
  const ms = ended.map((one) => one.ms - (way.waits ? LATENCY_MS : 0)).sort((a, b) => a - b);
  const each = ended.map(({ arrived, times }) => `${arrived}${times > arrived ? ` (${times})` : ""}`).join(" ");
  console.log(`${name}: arrived ${each} of ${CLIENTS.length * RECORDS}`);
  const over = way.waits ? ` over the server's ${LATENCY_MS}` : "";
  console.log(
    `  ends: ${[...new Set(ended.map(({ end }) => end))].join(", ")}; least ${ms[0]?.toFixed(0)} ms, median ${ms[ms.length >> 1]?.toFixed(0)} ms${over}`,
  );
}
