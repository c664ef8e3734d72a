import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { Collector } from "../../dist/src/multiprocess/merge/collector.js";
import { KIND } from "../../dist/src/multiprocess/store/format.js";
import { Records } from "../../dist/src/multiprocess/store/records.js";
import { Store } from "../../dist/src/multiprocess/store/store.js";
import { result, run } from "../guard/child.js";
import { filesIn, folder, onlyFile, openStore, samples } from "./in-process.js";

const COUNTER = { name: "jobs_total", help: "Jobs.", type: "counter" } as const;

test("what is recorded in a tick is in the file after it, and no file is made before", async () => {
  const directory = join(folder(), "deep", "down");
  const store = openStore(directory);
  const family = store.family(COUNTER);
  expect(existsSync(directory)).toBe(false);
  const series = store.series(family, { kind: "a" });
  series.add(2);
  await Promise.resolve().then(() => series.add(3));
  expect(existsSync(directory)).toBe(false);
  await turn();
  expect(filesIn(directory)).toHaveLength(1);
  expect(await samples(directory)).toEqual({ 'jobs_total{kind="a"}': 5 });
  expect(statSync(directory).mode & 0o777).toBe(0o700);
});

test("what is recorded within some milliseconds is written together, sooner where timers have to wait", async () => {
  const directory = join(folder(), "metrics");
  const store = new Store(directory, () => {}, 30);
  onTestFinished(() => store.close());
  const series = store.series(store.family(COUNTER), {});
  series.add(1);
  await turn();
  expect(existsSync(directory)).toBe(false);
  await sleep(60);
  expect(await samples(directory)).toEqual({ jobs_total: 1 });
  series.add(1);
  store.hurry();
  expect(await samples(directory)).toEqual({ jobs_total: 1 });
  const began = performance.now();
  while (performance.now() - began < 40) await Promise.resolve();
  store.hurry();
  expect(await samples(directory)).toEqual({ jobs_total: 2 });
});

test("100,000 series of a process, in a file that grows by a quarter at a time", async () => {
  const directory = folder();
  const store = openStore(directory);
  const family = store.family(COUNTER);
  const sizes = new Set<number>();
  for (let i = 0; i < 100_000; i++) {
    store.series(family, { kind: i }).add(i);
    if (i % 1000 !== 0) continue;
    store.flush();
    sizes.add(statSync(onlyFile(directory).path).size);
  }
  store.flush();
  const all = await samples(directory);
  expect(Object.keys(all)).toHaveLength(100_000);
  expect(all['jobs_total{kind="77777"}']).toBe(77_777);
  expect(sizes.size).toBeLessThan(40);
});

test("a file that readers would take for damaged is not written", () => {
  expect(() => new Records().append(KIND.series, Buffer.alloc(4), 2 ** 26)).toThrow("larger than 1024 MB");
});

test("metrics and label sets that come and go do not grow the file for ever", async () => {
  const directory = folder();
  const store = openStore(directory);
  const family = store.family(COUNTER);
  const kept = store.series(family, { kind: "kept" });
  for (let i = 0; i < 20_000; i++) {
    kept.add(1);
    const passing = store.series(store.family({ ...COUNTER }), { kind: i });
    passing.add(1);
    store.flush();
    passing.clear();
  }
  store.flush();
  expect(await samples(directory)).toEqual({ 'jobs_total{kind="kept"}': 20_000 });
  expect(statSync(onlyFile(directory).path).size).toBeLessThanOrEqual(65_536);
});

test("a series that was taken out begins anew", async () => {
  const directory = folder();
  const store = openStore(directory);
  const series = store.series(store.family(COUNTER), {});
  series.add(5);
  series.clear();
  store.flush();
  expect(await samples(directory)).toEqual({});
  series.add(2);
  store.flush();
  expect(await samples(directory)).toEqual({ jobs_total: 2 });
});

test.each(["is moved aside", "goes with its directory"])("a file that %s is made again, whole", async (what) => {
  const directory = folder();
  const store = openStore(directory);
  const series = store.series(store.family(COUNTER), {});
  series.add(5);
  store.flush();
  if (what === "is moved aside") renameSync(onlyFile(directory).path, join(directory, "elsewhere"));
  else rmSync(directory, { recursive: true });
  series.add(1);
  store.flush();
  await sleep(1100);
  series.add(1);
  store.flush();
  expect(await samples(directory)).toEqual({ jobs_total: 7 });
});

test.each(["a file", "below a file", "in /proc"])(
  "an error of the disk is told once, and nothing throws: %s",
  (where) => {
    const file = join(folder(), "file");
    writeFileSync(file, "");
    const directory = { "a file": file, "below a file": join(file, "x") }[where] ?? "/proc/nothing/below";
    const onError = vi.fn();
    const store = new Store(directory, onError);
    const series = store.series(store.family(COUNTER), {});
    series.add(1);
    store.flush();
    series.add(1);
    store.flush();
    store.close();
    expect(onError).toHaveBeenCalledTimes(1);
    expect(store.open).toBe(false);
  },
);

const STORE = `import { Store } from ${JSON.stringify(new URL("../../dist/src/multiprocess/store/store.js", import.meta.url).href)};
  const store = new Store(process.env.DIRECTORY, console.error);
  const series = store.series(store.family({ name: "jobs_total", help: "Jobs.", type: "counter" }), {});`;

test.each([
  ["ends by itself", "series.add(3);", 0],
  ["exits", "series.add(3); process.exit(7);", 7],
  ["throws", "series.add(3); throw new Error('x');", 1],
  ["records as it exits", "series.add(1); process.on('exit', () => series.add(2)); process.exit(7);", 7],
  ["records before it exits", "series.add(1); process.once('beforeExit', () => series.add(2));", 0],
  ["records whenever it could exit", "process.on('beforeExit', () => series.set(3));", 0],
])("a process that %s loses nothing, and no file keeps it alive", async (_, code, status) => {
  const directory = folder();
  expect(await run(`${STORE} ${code}`, [], { DIRECTORY: directory })).toMatchObject({ code: status });
  expect(await samples(directory)).toEqual({ jobs_total: 3 });
});

test("a SIGKILL loses what its own tick has recorded, and the file stays good", async () => {
  const directory = folder();
  const code = `series.add(3); setTimeout(() => { series.add(4); process.kill(process.pid, "SIGKILL"); }, 10);`;
  expect((await run(`${STORE} ${code}`, [], { DIRECTORY: directory })).code).not.toBe(0);
  expect(await samples(directory)).toEqual({ jobs_total: 3 });
});

test("every open has an identity of its own", async () => {
  const directory = folder();
  const code = `import { newIdentity } from ${JSON.stringify(new URL("../../dist/src/multiprocess/store/identity.js", import.meta.url).href)};
    console.log(JSON.stringify([newIdentity(), newIdentity()]));`;
  const [one, other] = await result<Record<string, unknown>[]>(code);
  expect(one?.random).not.toBe(other?.random);
  expect({ ...one, random: "" }).toEqual({ ...other, random: "" });
  expect(one).toMatchObject({ threadId: 0, started: expect.stringMatching(/^\d+$/) });
  for (const store of [openStore(directory), openStore(directory)]) store.series(store.family(COUNTER), {}).add(1);
  await turn();
  expect(filesIn(directory)).toHaveLength(2);
});

test("a writer whose unfinished file is cleaned up while it makes it makes another", async () => {
  const directory = folder();
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "1-0-abandoned-1.v1.flushguard.new"), "");
  const collector = new Collector(directory);
  expect(await samples(directory, collector)).toEqual({});
  expect(filesIn(directory)).toEqual([]);
});
