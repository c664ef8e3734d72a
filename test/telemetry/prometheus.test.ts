import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { directoryWith } from "../config/helpers.js";
import { program } from "../debian/programs.js";
import { REGISTER, told } from "../patch/run-app.js";

const cwd = fileURLToPath(new URL("../fixtures/telemetry/", import.meta.url));
const MAIN = fileURLToPath(new URL("../../dist/cli-main.cjs", import.meta.url));
const NAMES = [
  "flushguard_hazards_averted_total",
  "flushguard_flush_duration_seconds",
  "flushguard_flush_timeouts_total",
  "flushguard_records_held",
  "flushguard_targets_patched",
];

const started: ChildProcess[] = [];
const folders: string[] = [];
afterAll(async () => {
  for (const child of started) child.kill("SIGKILL");
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
});

/** An app that meets hazards and then serves its registry; the guard's metrics in it if the variable says so. */
async function startApp(env: NodeJS.ProcessEnv): Promise<number> {
  return Number(await firstLine(["--import", REGISTER.href, "scraped.mjs"], env));
}

/** What a program says when it is up; it runs until the tests are over. */
async function firstLine(args: string[], env: NodeJS.ProcessEnv): Promise<string> {
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...inherited, ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  started.push(child);
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error(`it has ended: ${args.join(" ")}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

async function startPrometheus(...ports: number[]): Promise<string> {
  const folder = directoryWith({});
  folders.push(folder);
  const config = {
    global: { scrape_interval: "1s", scrape_timeout: "1s" },
    scrape_configs: [{ job_name: "app", static_configs: [{ targets: ports.map((port) => `127.0.0.1:${port}`) }] }],
  };
  // JSON is YAML.
  await writeFile(`${folder}/prometheus.yml`, JSON.stringify(config));
  const port = await freePort();
  const prometheus = spawn(
    program("prometheus"),
    [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: "ignore", cwd: folder },
  );
  started.push(prometheus);
  return `http://127.0.0.1:${port}`;
}

interface Sample {
  metric: Record<string, string>;
  value: [number, string];
}

async function query(prometheus: string, text: string): Promise<Sample[]> {
  try {
    const response = await fetch(`${prometheus}/api/v1/query?query=${encodeURIComponent(text)}`);
    const { data } = (await response.json()) as { data: { result: Sample[] } };
    return data.result;
  } catch {
    return []; // It is still starting.
  }
}

/** The values of a metric by its labels, without those that Prometheus adds. */
async function values(prometheus: string, text: string): Promise<Record<string, number>> {
  const until = performance.now() + 30_000;
  let samples = await query(prometheus, text);
  // A scrape that took too long makes the values stale until the next.
  while (samples.length === 0 && performance.now() < until) {
    await delay(200);
    samples = await query(prometheus, text);
  }
  return Object.fromEntries(
    samples.map(({ metric: { target, hazard, method }, value }) => [
      [target, hazard ?? method].join(" ").trim(),
      Number(value[1]),
    ]),
  );
}

test("a Prometheus that scrapes the app has the guard's numbers", async () => {
  const prometheus = await startPrometheus(await startApp({ FLUSHGUARD_METRICS: "prom" }));
  expect(await values(prometheus, "flushguard_hazards_averted_total")).toEqual({
    "flagsmith-nodejs lost update": 5,
    "@influxdata/influxdb-client early return": 1,
  });
  expect(await values(prometheus, "flushguard_flush_duration_seconds_count")).toEqual({
    "flagsmith-nodejs flush": 2,
    "@influxdata/influxdb-client flush": 2,
  });
  // Its server takes 50 ms to answer each of them.
  const seconds = await values(prometheus, "flushguard_flush_duration_seconds_sum");
  expect(seconds["flagsmith-nodejs flush"]).toBeGreaterThan(0.095);
  const none = { "flagsmith-nodejs": 0, "@influxdata/influxdb-client": 0 };
  expect(await values(prometheus, "flushguard_flush_timeouts_total")).toEqual(none);
  expect(await values(prometheus, "flushguard_records_held")).toEqual(none);
  expect(await values(prometheus, "flushguard_targets_patched")).toEqual({
    "flagsmith-nodejs": 1,
    "@influxdata/influxdb-client": 1,
  });
});

test("every panel of the dashboard shows what an app gives it, guarded and observed", async () => {
  const { panels } = JSON.parse(readFileSync(new URL("../../docs/grafana.json", import.meta.url), "utf8")) as {
    panels: { targets: { expr: string }[] }[];
  };
  const directory = directoryWith({});
  folders.push(directory);
  const env = { FLUSHGUARD_METRICS: "prom", FLUSHGUARD_MULTIPROCESS_DIR: directory };
  const apps = [await startApp(env), await startApp({ ...env, FLUSHGUARD: "observe", FLUSHGUARD_LOG: "silent" })];
  const served = await firstLine([MAIN, "serve", "--dir", directory, "--port", "0"], {});
  const [, port] = served.match(/:(\d+)/) ?? [];
  const prometheus = await startPrometheus(...apps, Number(port));
  const queries = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  expect(queries.length).toBeGreaterThan(5);
  for (const expr of queries) {
    const text = expr.replaceAll("$__rate_interval", "1m").replaceAll("$job", "app");
    expect(Object.keys(await values(prometheus, text)).length, expr).toBeGreaterThan(0);
  }
});

test("under FLUSHGUARD=observe they tell what is seen", async () => {
  const port = await startApp({ FLUSHGUARD_METRICS: "prom", FLUSHGUARD: "observe", FLUSHGUARD_LOG: "silent" });
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  expect(text).toContain('flushguard_hazards_seen_total{target="flagsmith-nodejs",hazard="lost update"} 5');
  expect(text).not.toContain("flushguard_hazards_averted_total");
});

test.each([undefined, "off", "otel"])("an app with FLUSHGUARD_METRICS=%s has none of them", async (metrics) => {
  const port = await startApp({ FLUSHGUARD_METRICS: metrics });
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect(await response.text()).not.toContain("flushguard");
});

test("they are in the registry of each copy, come back when it is cleared, and leave with the guard", async () => {
  const env = { FLUSHGUARD_METRICS: "on", FLUSHGUARD_FLUSH_TIMEOUT_MS: "300" };
  const run = await told<Record<string, unknown>>(["registries.cjs"], { cwd, env });
  await rm(run.folder as string, { recursive: true });
  expect(run.both).toEqual([NAMES, NAMES]);
  const [first, second] = run.texts as string[];
  const averted = 'flushguard_hazards_averted_total{target="flagsmith-nodejs",hazard="lost update"} 5';
  expect(first).toContain(averted);
  expect(second).toContain(averted);
  expect(run.cleared).toEqual([]);

  expect(run.holding).toContain('flushguard_records_held{target="Slow"} 3');
  expect(run.holding).toContain('flushguard_flush_timeouts_total{target="Slow"} 0');
  expect(first).toContain('flushguard_records_held{target="Slow"} 0');
  expect(first).toContain('flushguard_flush_timeouts_total{target="Slow"} 1');
  // Given back before it was over, they were not kept out of it.
  expect(first).not.toContain('flushguard_hazards_averted_total{target="Slow"');

  // The app has taken one name for itself meanwhile.
  const others = NAMES.filter((name) => name !== "flushguard_records_held");
  expect(run.again).toEqual(["flushguard_records_held", ...others]);
  expect(run.text).toContain("# HELP flushguard_records_held The app's own");
  expect(run.stderr.split("\n").at(-2)).toBe(
    "flushguard: the app has a metric flushguard_records_held of its own in prom-client's registry; it is left there, and ours is left out",
  );
  // No total is lost by that.
  expect(run.text).toContain(averted);
  expect(run.text).toContain('flushguard_flush_duration_seconds_count{target="flagsmith-nodejs",method="flush"} 2');
  expect(run.openMetrics).toContain(averted);

  expect(run.disabled).toEqual([["flushguard_records_held"], []]);
  expect((run.enabled as string[][]).map((names) => names.length)).toEqual([5, 5]);
});
