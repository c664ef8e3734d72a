import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { more } from "../senders/more.mjs";
import { ITEM, senders } from "../senders/senders.mjs";
import { startServer } from "../senders/server.mjs";
import { clientsOf } from "../slow.js";

const APP = fileURLToPath(new URL("./app.mjs", import.meta.url));
const REGISTER = new URL("../../dist/register.js", import.meta.url).href;
const LATENCY_MS = 100;
/** No client tries that again. */
const BAD_REQUEST = 400;

const clients = { ...senders, ...more };

/** Those whose app has a promise of its close. */
const CLOSES = [
  "@influxdata/influxdb-client",
  "@opentelemetry/sdk-logs",
  "@opentelemetry/sdk-trace-base",
  "@opentelemetry/sdk-trace",
  "@segment/analytics-node",
  "datadog-metrics",
  "unleash-client",
];

interface Run {
  /** How the app's own call has settled, how often something was uncaught, and the exit code. */
  told: { settled: string; uncaught: number; code: number };
  delivered: number;
}

async function run(client: string, end: string, way: string, guarded: boolean): Promise<Run> {
  const { answer, status, countIn } = clients[client] as (typeof clients)[string];
  const server = await startServer({
    latencyMs: LATENCY_MS,
    refused: 1,
    refusal: BAD_REQUEST,
    of: ITEM,
    ...(answer !== undefined && { answer }),
    ...(status !== undefined && { status }),
  });
  try {
    const { NODE_OPTIONS: _, ...inherited } = process.env;
    const env = { ...inherited, FLUSHGUARD: guarded ? "on" : "off", SERVER_URL: server.url };
    const args = [...(guarded ? ["--import", REGISTER] : []), APP, client, end, way];
    const printed = await new Promise<string>((resolve) => {
      execFile(process.execPath, args, { env, timeout: 100_000 }, (_error, stdout) => resolve(stdout));
    });
    const told = JSON.parse(printed.trimEnd().split("\n").at(-1) ?? "") as Run["told"];
    const accepted = (await server.take()).filter((request) => request.accepted);
    return { told, delivered: accepted.reduce((sum, { body }) => sum + countIn(body), 0) };
  } finally {
    server.close();
  }
}

const names = clientsOf(
  ["@influxdata/influxdb-client", "flagsmith-nodejs", "@opentelemetry/sdk-trace-base"],
  Object.keys(clients),
);
const cases = names.flatMap((client) => {
  const ends = CLOSES.includes(client) ? ["flush", "close"] : ["flush"];
  return ends.flatMap((end) =>
    clientsOf(["bare", "await"], ["bare", "then", "await"]).map((way) => ({ client, end, way })),
  );
});

describe("a call while a batch before it is refused ends as it would without the guard, and so does the process", () => {
  test.each(cases)("$client: $end, $way", { timeout: 120_000 }, async ({ client, end, way }) => {
    const [unguarded, guarded] = await Promise.all([run(client, end, way, false), run(client, end, way, true)]);
    expect(guarded.told).toEqual(unguarded.told);
    expect(guarded.delivered).toBeGreaterThanOrEqual(unguarded.delivered);
  });
});
