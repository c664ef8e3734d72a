import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, it } from "vitest";
import { plainEnv } from "../cli/cli.js";
import { directoryWith } from "../config/helpers.js";
import { example } from "./app.js";

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

/** A connection that a primary hands to a worker as that is killed is never answered, nor closed, with the guard or without. */
const ANSWER_MS = 5000;

async function answer(url: string): Promise<string | undefined> {
  try {
    return await (await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) })).text();
  } catch {
    return undefined; // Not up yet, or killed as it answered.
  }
}

async function until(url: string): Promise<string> {
  for (;;) {
    const text = await answer(url);
    if (text !== undefined) return text;
    await wait(50);
  }
}

/** Starts the app as its package.json says, and gives what /metrics says after 20 requests, a kill and 20 more. */
async function total(env: NodeJS.ProcessEnv): Promise<number | undefined> {
  const cwd = example("express-cluster", ["express", "prom-client"]);
  const { start } = JSON.parse(readFileSync(join(cwd, "package.json"), "utf8")).scripts as { start: string };
  const command = start
    .replace("/tmp/express-cluster-metrics", directoryWith({}))
    .replace("node ", `${process.execPath} `);
  const [PORT, METRICS_PORT] = [String(await freePort()), String(await freePort())];
  const app = spawn("sh", ["-c", `exec env ${command}`], {
    cwd,
    env: plainEnv({ ...env, PORT, METRICS_PORT }),
    stdio: "ignore",
  });
  try {
    const [service, metrics] = [`http://127.0.0.1:${PORT}`, `http://127.0.0.1:${METRICS_PORT}/metrics`];
    await until(metrics);
    for (let request = 0; request < 20; request++) await until(service);
    // What was recorded in the last 10 ms is not written yet.
    await wait(200);
    await answer(`${service}/die`);
    for (let request = 0; request < 20; request++) await until(service);
    await wait(500);
    const [, value] = /^requests_total(?:\{[^}]*\})? (\d+)$/m.exec(await until(metrics)) ?? [];
    return value === undefined ? undefined : Number(value);
  } finally {
    app.kill();
    await once(app, "exit");
  }
}

it("counts every request of every worker, of the one that was killed too; without the preload none", async () => {
  expect(await total({ FLUSHGUARD: "off" })).toBe(0);
  expect(await total({})).toBe(40);
});
