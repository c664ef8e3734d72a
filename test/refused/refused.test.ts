import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { more } from "../senders/more.mjs";
import { ITEM, senders } from "../senders/senders.mjs";
import { startServer } from "../senders/server.mjs";
import { clientsOf } from "../slow.js";

const APP = fileURLToPath(new URL("./app.mjs", import.meta.url));
const BARE_APP = fileURLToPath(new URL("./bare.mjs", import.meta.url));
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
  "langfuse",
  "unleash-client",
];

interface Told {
  settled: string;
  uncaught: number;
  code: number;
}

const died: Told = { settled: "not settled", uncaught: 1, code: 1 };
const rejected: Told = { settled: "rejected", uncaught: 0, code: 0 };

/** Clients with which the process ends better than without the guard: why, how it ends without, and what arrives besides. */
const BETTER: Record<string, { why: string; without: (way: string) => Told; more: number }> = {
  "posthog-node": {
    why: "what is asked for during the refused flush is that flush, which leaves behind what came since; guarded it is one of its own",
    without: (way) => (way === "await" ? rejected : died),
    more: 1,
  },
};

interface Run {
  /** How the app's own call has settled, how often something was uncaught, and the exit code. */
  told: Told;
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
    const told = JSON.parse(printed.trimEnd().split("\n").at(-1) ?? "") as Told;
    const accepted = (await server.take()).filter((request) => request.accepted);
    return { told, delivered: accepted.reduce((sum, { body }) => sum + countIn(body), 0) };
  } finally {
    server.close();
  }
}

const names = clientsOf(
  [
    "@influxdata/influxdb-client",
    "flagsmith-nodejs",
    "@opentelemetry/sdk-trace-base",
    "analytics-node",
    "posthog-node",
  ],
  Object.keys(clients),
);
const cases = names.flatMap((client) => {
  const ends = CLOSES.includes(client) ? ["flush", "close"] : ["flush"];
  return ends.flatMap((end) =>
    clientsOf(["bare", "await"], ["bare", "then", "await"]).map((way) => ({ client, end, way })),
  );
});

const runs = (client: string, end: string, way: string): Promise<[Run, Run]> =>
  Promise.all([run(client, end, way, false), run(client, end, way, true)]);

describe("a call while a batch before it is refused ends as it would without the guard, and so does the process", () => {
  const alike = cases.filter(({ client }) => BETTER[client] === undefined);
  test.each(alike)("$client: $end, $way", { timeout: 120_000 }, async ({ client, end, way }) => {
    const [unguarded, guarded] = await runs(client, end, way);
    expect(guarded.told).toEqual(unguarded.told);
    expect(guarded.delivered).toBeGreaterThanOrEqual(unguarded.delivered);
  });
});

describe("a call while a batch before it is refused ends better than without the guard", () => {
  const better = cases.flatMap((one) => {
    const expected = BETTER[one.client];
    return expected === undefined ? [] : [{ ...one, ...expected }];
  });
  test.each(better)("$client: $end, $way, as $why", { timeout: 120_000 }, async (one) => {
    const [unguarded, guarded] = await runs(one.client, one.end, one.way);
    expect(unguarded.told).toEqual(one.without(one.way));
    const settled = one.way === "bare" ? "not settled" : "fulfilled";
    expect(guarded).toEqual({
      told: { settled, uncaught: 0, code: 0 },
      delivered: unguarded.delivered + one.more,
    });
  });
});

/** Those that give the promise of a flush to nobody but its caller, from a function that is not `async`. */
const BARE: [client: string, end: string, code: number][] = [
  ["@opentelemetry/sdk-trace-base", "flush", 1],
  ["@opentelemetry/sdk-trace-base", "closed", 0],
  ["@opentelemetry/sdk-trace", "flush", 1],
  ["@opentelemetry/sdk-trace", "closed", 0],
  ["launchdarkly-node-server-sdk", "flush", 1],
  ["ldclient-node", "flush", 1],
];

test.each(BARE)("a refusal that nobody handles ends the process as it would: %s, %s", async (client, end, expected) => {
  const code = (args: string[]) =>
    new Promise((resolve) => {
      execFile(process.execPath, [...args, BARE_APP, client, end], { timeout: 30_000 }, (error) =>
        resolve(error?.code ?? 0),
      );
    });
  expect([await code([]), await code(["--import", REGISTER])]).toEqual([expected, expected]);
});
