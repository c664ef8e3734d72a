import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { API, REGISTER } from "../bench/lib/paths.mjs";
import { result, run as runCode } from "../guard/child.js";
import { loadedBy } from "../preload/loaded-scripts.js";
import { filesIn, folder, openStore, samples } from "./in-process.js";

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
  expect(openMetrics?.contentType).toMatch(/^application\/openmetrics-text/);
  // Each asks; so may others, of a process that has been there for a second.
  const [first = 0, second = 0] = [text, openMetrics].map((answer) =>
    Number(/^asked (\d+)$/m.exec(answer?.body ?? "")?.[1]),
  );
  expect(first).toBeGreaterThan(0);
  expect(second).toBeGreaterThan(first);
});

test("collect() needs no preload, and no directory", async () => {
  const code = `const { collect } = await import(dist + "index.js");
    console.log(JSON.stringify(await collect(process.env.DIRECTORY)));`;
  const { body } = await result<{ body: string }>(code, [], { DIRECTORY: join(folder(), "nowhere") });
  expect(body).toMatch(/^flushguard_multiprocess_bad_files_total 0$/m);
});

test.each([
  ["register.metrics()", "register.metrics()"],
  ["collect()", "collect(process.env.FLUSHGUARD_MULTIPROCESS_DIR).then(({ body }) => body)"],
])("%s also answers who asks as the process ends by itself", async (_, asked) => {
  const directory = folder();
  const other = openStore(directory);
  const family = other.family({ name: "jobs_total", help: "Jobs.", type: "counter" });
  other.series(family, {}).add(3);
  for (let kind = 0; kind < 20_000; kind++) other.series(family, { kind });
  other.flush();
  const code = `${APP} const { register } = createRequire(${JSON.stringify(HERE)})("prom-client");
    const { collect } = await import(dist + "index.js");
    process.on("exit", () => {
      ${asked}.then((text) => console.log(JSON.stringify(/^jobs_total \\d+$/m.exec(text)?.[0])));
    });`;
  const shown = await result<string>(code, ["--import", REGISTER], { FLUSHGUARD_MULTIPROCESS_DIR: directory });
  expect(shown).toBe("jobs_total 5");
});

test("what gives its values itself shows those, and what it inherits them from is shared", async () => {
  const directory = folder();
  const code = `import { createRequire } from "node:module";
    const { Counter, Gauge, register } = createRequire(${JSON.stringify(HERE)})("prom-client");
    class Doubled extends Counter {
      async get() {
        const { values, ...rest } = await super.get();
        return { ...rest, values: values.map((one) => ({ ...one, value: 2 * one.value })) };
      }
    }
    class Named extends Gauge {}
    new Doubled({ name: "doubled_total", help: "D." }).inc(21);
    new Named({ name: "named", help: "N." }).set(7);
    console.log(JSON.stringify(await register.metrics()));`;
  const text = await result<string>(code, ["--import", REGISTER], { FLUSHGUARD_MULTIPROCESS_DIR: directory });
  expect(text).toContain("doubled_total 42\n");
  expect(text).toContain("named 7\n");
  expect(filesIn(directory)).toHaveLength(1);
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

test("a callback that never ends keeps the others waiting for fifteen seconds at most", async () => {
  const code = `let seconds = 0;
    const looks = [];
    globalThis.setInterval = (look) => {
      looks.push(look);
      return { unref() {} };
    };
    process.hrtime = () => [seconds, 0];
    const { Refresher } = await import(dist + "multiprocess/prom-client/refresher.js");
    let calls = 0;
    const adopter = {
      calledAtMs: 0,
      callback() {
        calls++;
        this.calledAtMs = seconds * 1000;
        return new Promise(() => {});
      },
    };
    new Refresher(process.env.DIRECTORY, adopter).start();
    for (seconds = 1; seconds <= 60; seconds++) for (const look of looks) look();
    console.log(JSON.stringify(calls));`;
  expect(await result<number>(code, [], { DIRECTORY: folder() })).toBe(4);
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

test("what is recorded in promises alone, from the first tick on, is there ten milliseconds later", async () => {
  const directory = folder();
  const code = `import { createRequire } from "node:module";
    import { spawnSync } from "node:child_process";
    const { Counter } = createRequire(${JSON.stringify(HERE)})("prom-client");
    const counter = new Counter({ name: "jobs_total", help: "Jobs." });
    const recordFor = async (ms, most = Infinity) => {
      for (let calls = 0, began = performance.now(); calls < most && performance.now() - began < ms; calls++) {
        counter.inc();
        await null;
      }
    };
    await recordFor(1, 1000);
    console.log(counter.hashMap[""].value);
    await recordFor(20);
    await recordFor(1000, 64);
    spawnSync("kill", ["-9", String(process.pid)]);`;
  const { stdout } = await runCode(code, ["--import", REGISTER], { FLUSHGUARD_MULTIPROCESS_DIR: directory });
  expect(Number(stdout)).toBeGreaterThan(0);
  expect((await samples(directory)).jobs_total).toBeGreaterThanOrEqual(Number(stdout));
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
