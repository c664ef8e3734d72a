import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { Refresher } from "../../dist/src/multiprocess/prom-client/refresher.js";
import { API, REGISTER } from "../bench/lib/paths.mjs";
import { result, run as runCode } from "../guard/child.js";
import { loadedBy } from "../preload/loaded-scripts.js";
import { folder, openStore, samples } from "./in-process.js";

const HERE = new URL(".", import.meta.url).href;
const APP = `import { createRequire } from "node:module";
  const { Counter, Gauge } = createRequire(${JSON.stringify(HERE)})("prom-client");
  new Counter({ name: "jobs_total", help: "Jobs." }).inc(2);
  new Gauge({ name: "asked", help: "A.", collect() { this.inc(); } });`;

test("collect() answers for all processes, this one included, as the scraper wants it", async () => {
  const directory = folder();
  const other = openStore(directory);
  other.series(other.family({ name: "jobs_total", help: "Jobs.", type: "counter" }), {}).add(3);
  other.flush();
  const code = `${APP} const { collect } = await import(dist + "index.js");
    const directory = process.env.FLUSHGUARD_MULTIPROCESS_DIR;
    console.log(JSON.stringify([await collect(directory), await collect(directory, { accept: "application/openmetrics-text" })]));`;
  const [text, openMetrics] = await result<{ contentType: string; body: string }[]>(code, ["--import", REGISTER], {
    FLUSHGUARD_MULTIPROCESS_DIR: directory,
  });
  expect(text?.contentType).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(text?.body).toContain("jobs_total 5\n");
  expect(text?.body).toContain("asked 1\n");
  expect(openMetrics?.contentType).toMatch(/^application\/openmetrics-text/);
  expect(openMetrics?.body).toContain("asked 2\n");
});

test("collect() needs no preload, and no directory", async () => {
  const code = `const { collect } = await import(dist + "index.js");
    console.log(JSON.stringify(await collect(process.env.DIRECTORY)));`;
  const { body } = await result<{ body: string }>(code, [], { DIRECTORY: join(folder(), "nowhere") });
  expect(body).toMatch(/^flushguard_multiprocess_bad_files_total 0$/m);
});

test("callbacks run in a process that is not scraped itself, after others were", async () => {
  const directory = folder();
  const code = `${APP} setTimeout(() => {}, 6000);`;
  const ended = runCode(code, ["--import", REGISTER], { FLUSHGUARD_MULTIPROCESS_DIR: directory });
  const seen: number[] = [];
  for (let i = 0; i < 80 && (seen.at(-1) ?? 0) < 2; i++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    seen.push((await samples(directory)).asked ?? 0);
  }
  expect(Math.max(...seen)).toBeGreaterThanOrEqual(2);
  expect(await ended).toMatchObject({ code: 0, stderr: "" });
});

test("callbacks are not called again in a process for a scrape that it has answered itself", async () => {
  const code = `import { createRequire } from "node:module";
    const { collect } = await import(${JSON.stringify(API)});
    const { AggregatorRegistry, Gauge, register } = createRequire(${JSON.stringify(HERE)})("prom-client");
    let calls = 0;
    new Gauge({ name: "asked", help: "A.", collect() { this.set(++calls); } });
    const texts = [
      () => register.metrics(),
      () => new AggregatorRegistry().clusterMetrics(),
      async () => (await collect(process.env.FLUSHGUARD_MULTIPROCESS_DIR)).body,
    ];
    while (calls === 0) await sleep(20);
    const seen = [];
    for (const text of texts) {
      const answered = Number(/^asked (\\d+)$/m.exec(await text())?.[1]);
      await sleep(1100);
      seen.push(calls - answered);
    }
    console.log(JSON.stringify(seen));`;
  const seen = await result<number[]>(code, ["--import", REGISTER], { FLUSHGUARD_MULTIPROCESS_DIR: folder() });
  expect(seen).toEqual([0, 0, 0]);
});

test("a callback that never ends keeps the others waiting for fifteen seconds at most", () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const adopter = { calledAt: 0, callback: vi.fn(never) };
  function never() {
    adopter.calledAt = performance.now();
    return new Promise<void>(() => {});
  }
  const refresher = new Refresher(folder(), adopter as never);
  refresher.start();
  vi.advanceTimersByTime(60_000);
  refresher.stop();
  expect(adopter.callback).toHaveBeenCalledTimes(4);
});

test("nothing of it is loaded without the variable, nor without a client", async () => {
  for (const env of [{}, { FLUSHGUARD_MULTIPROCESS_DIR: folder() }]) {
    const { scripts, sources, stderr } = await loadedBy(["nothing.cjs"], { env });
    expect(stderr).toBe("");
    const loaded = [...scripts, ...sources];
    expect(loaded).toContain("src/preload.ts");
    expect(loaded.filter((file) => /^(?:src\/multiprocess|fs-native-extensions|shimmer)\//.test(file))).toEqual([]);
  }
});

test("a process that records and is not asked loads none of what reads and writes scrapes", async () => {
  const app = fileURLToPath(new URL("lib/start-app.cjs", HERE));
  const { scripts, sources, code } = await loadedBy([app], { env: { FLUSHGUARD_MULTIPROCESS_DIR: folder() } });
  expect(code).toBe(0);
  expect(sources).toContain("src/multiprocess/store/store.ts");
  const reading = /^src\/multiprocess\/(?:exposition|serve|reproduce|merge\/(?:collector|merge|source|fold))\b/;
  expect(sources.filter((source) => reading.test(source))).toEqual([]);
  expect(scripts.filter((script) => /^(?:fs-native-extensions|require-addon|bare-)/.test(script))).toEqual([]);
  expect(scripts.filter((script) => ["patch-patcher.cjs", "config-nearest.cjs"].includes(script))).toEqual([]);
});

test.each([
  "process.kill(process.pid)",
  'process.kill(process.pid, "SIGKILL")',
  "process.abort()",
  "process.reallyExit(1)",
])("what was recorded before %s is there", async (end) => {
  const directory = folder();
  const code = `${APP} ${end}; await new Promise((resolve) => setTimeout(resolve, 10_000));`;
  const { code: status, stderr } = await runCode(code, ["--import", REGISTER], {
    FLUSHGUARD_MULTIPROCESS_DIR: directory,
  });
  expect(status).not.toBe(0);
  expect(stderr).not.toContain("flushguard: ");
  expect(await samples(directory)).toEqual({ jobs_total: 2 });
});

test("a process that may not write says so on one line and goes on", async () => {
  const [major] = process.versions.node.split(".");
  const permission = major === "20" ? "--experimental-permission" : "--permission";
  const code = `${APP} console.log("counted");`;
  const flags = [permission, "--allow-fs-read=*", "--allow-worker", "--import", REGISTER];
  const { code: status, stdout, stderr } = await runCode(code, flags, { FLUSHGUARD_MULTIPROCESS_DIR: folder() });
  expect({ status, stdout }).toEqual({ status: 0, stdout: "counted\n" });
  const lines = stderr.split("\n").filter((line) => line.startsWith("flushguard:"));
  expect(lines).toEqual([expect.stringMatching(/; the metrics of this process are in its memory until it can write$/)]);
});
