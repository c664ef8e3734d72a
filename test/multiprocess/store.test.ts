import {
  chmodSync,
  chownSync,
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import { crc32 as zlibCrc32 } from "node:zlib";
import { expect, onTestFinished, test, vi } from "vitest";
import { Collector } from "../../dist/src/multiprocess/merge/collector.js";
import { crc32 } from "../../dist/src/multiprocess/store/crc32.js";
import { KIND } from "../../dist/src/multiprocess/store/format.js";
import { newIdentity } from "../../dist/src/multiprocess/store/identity.js";
import { isOwnMark, lastMark, leaveMark } from "../../dist/src/multiprocess/store/mark.js";
import { createFile } from "../../dist/src/multiprocess/store/own-file.js";
import { Records } from "../../dist/src/multiprocess/store/records.js";
import { Store } from "../../dist/src/multiprocess/store/store.js";
import { distrust } from "../../dist/src/multiprocess/store/trust.js";
import { result, run } from "../guard/child.js";
import { filesIn, folder, onlyFile, openDescriptors, openStore, samples } from "./in-process.js";

const COUNTER = { name: "jobs_total", help: "Jobs.", type: "counter" } as const;

test("the checksum is that of zlib, also in parts", () => {
  const bytes = Buffer.from(Array.from({ length: 1000 }, (_, i) => (i * 7919) >> 3));
  for (const to of [0, 1, 12, 57, 1000]) {
    expect(crc32(bytes, 0, to)).toBe(zlibCrc32(bytes.subarray(0, to)));
    expect(crc32(bytes, to >> 1, to, crc32(bytes, 0, to >> 1))).toBe(zlibCrc32(bytes.subarray(0, to)));
  }
});

test("a file whose place is gone is refused in the end, and leaves nothing behind", () => {
  const directory = folder();
  const place = join(directory, "gone", "own");
  expect(() => createFile(directory, newIdentity(), Buffer.from("content"), place)).toThrow("ENOENT");
  expect(filesIn(directory)).toEqual([]);
});

test("a label set that no file has room for waits, and what is set of it harms nothing", async () => {
  const directory = folder();
  const errors: unknown[] = [];
  const store = new Store(directory, (error) => errors.push(error));
  onTestFinished(() => store.close());
  const family = store.family(COUNTER);
  const good = store.series(family, { kind: "a" }, 1);
  const large = store.series(family, { kind: "b".repeat(2 ** 24) }, 1);
  for (const series of [good, large]) {
    series.add(2);
    series.exemplify({ labels: 'trace="1"', value: 2 }, 0);
  }
  store.flush();
  expect(errors).toEqual([expect.objectContaining({ message: expect.stringContaining("more than 16777216 bytes") })]);
  expect(store.waiting).toBe(1);
  expect(large.get()).toBe(0);
  expect(await samples(directory)).toEqual({ 'jobs_total{kind="a"}': 2 });
  for (const series of [good, large]) {
    series.add(1);
    series.exemplify({ labels: 'trace="2"', value: 1 }, 0);
  }
  store.flush();
  expect(store.errors).toBe(0);
  expect(errors).toHaveLength(1);
  expect(await samples(directory)).toEqual({ 'jobs_total{kind="a"}': 3 });
  large.clear();
  expect(store.waiting).toBe(0);
});

test("a metric is in the file once, however many series it has", () => {
  const directory = folder();
  const store = openStore(directory);
  const families = [1, 2].map((i) => store.family({ ...COUNTER, name: `jobs_${i}_total` }));
  for (let kind = 0; kind < 5; kind++) {
    for (const family of families) store.series(family, { kind }).add(1);
    store.flush();
  }
  const { content } = onlyFile(directory);
  expect(families.map(({ meta }) => content.toString("latin1").split(meta.name).length - 1)).toEqual([1, 1]);
});

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

test("what is recorded first is written after its tick, and then all of some milliseconds together, sooner where timers have to wait", async () => {
  const directory = join(folder(), "metrics");
  const store = new Store(directory, () => {}, 200);
  onTestFinished(() => store.close());
  const series = store.series(store.family(COUNTER), {});
  series.add(1);
  expect(existsSync(directory)).toBe(false);
  await turn();
  expect(await samples(directory)).toEqual({ jobs_total: 1 });
  series.add(1);
  await turn();
  expect(await samples(directory)).toEqual({ jobs_total: 1 });
  await sleep(300);
  expect(await samples(directory)).toEqual({ jobs_total: 2 });
  series.add(1);
  store.hurry();
  expect(await samples(directory)).toEqual({ jobs_total: 2 });
  const began = performance.now();
  while (performance.now() - began < 220) await Promise.resolve();
  store.hurry();
  expect(await samples(directory)).toEqual({ jobs_total: 3 });
});

test("before a hand-over what waits is written, and a thread that has nothing is not asked for it", async () => {
  const directory = folder();
  const store = new Store(directory, () => {}, 60_000);
  onTestFinished(() => store.close());
  const series = store.series(store.family(COUNTER), {});
  series.add(1);
  store.settle();
  expect(await samples(directory)).toEqual({ jobs_total: 1 });
  await turn();
  let asked = 0;
  store.beforeFlush = () => asked++;
  store.settle();
  expect(asked).toBe(0);
  series.add(1);
  expect(await samples(directory)).toEqual({ jobs_total: 1 });
  store.settle();
  expect(await samples(directory)).toEqual({ jobs_total: 2 });
  expect(asked).toBe(1);
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
    sizes.add(statSync(join(directory, filesIn(directory).at(0) ?? "")).size);
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

test("of files that are gone, laid out anew or closed no descriptor stays open", () => {
  const before = openDescriptors();
  const directory = join(folder(), "metrics");
  const store = new Store(directory, () => {});
  const family = store.family(COUNTER);
  for (let i = 0; i < 5; i++) {
    store.series(family, { i }).add(1);
    store.flush(true);
    expect(openDescriptors()).toBe(before + 1);
    rmSync(directory, { recursive: true });
  }
  const inodes = new Set<number>();
  for (let round = 0; round < 20; round++) {
    const all = Array.from({ length: 200 }, (_, i) => store.series(family, { round, i }));
    for (const series of all) series.add(1);
    store.flush(true);
    for (const series of all) series.clear();
    inodes.add(statSync(onlyFile(directory).path).ino);
    expect(openDescriptors()).toBe(before + 1);
  }
  expect(inodes.size).toBeGreaterThan(1);
  store.close();
  expect(openDescriptors()).toBe(before);
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

test.each([0, 8, 12])("a file whose beginning is written over at %i is made again, whole", async (at) => {
  const directory = folder();
  const store = openStore(directory);
  const series = store.series(store.family(COUNTER), {}, 1);
  series.add(3);
  store.flush();
  const fd = openSync(onlyFile(directory).path, "r+");
  writeSync(fd, Buffer.alloc(4), 0, 4, at);
  closeSync(fd);
  store.flush(true);
  expect(await samples(directory)).toEqual({ jobs_total: 3 });
  expect(filesIn(directory)).toHaveLength(1);
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

/** A store that has written 5 jobs, with its file. */
function fiveJobs(directory: string) {
  const store = openStore(directory);
  const series = store.series(store.family(COUNTER), {});
  series.add(5);
  store.flush();
  return { store, series, path: onlyFile(directory).path };
}

/** What a tool that writes a file anew does: a copy beside it takes its place. */
function putInPlace(path: string, from = path): void {
  copyFileSync(from, `${path}.tmp`);
  renameSync(`${path}.tmp`, path);
}

test.each(["the same process reads it", "another has read it"])(
  "a copy that is put in the place of a live file counts for it until it is written anew: %s",
  async (which) => {
    const directory = folder();
    const { store, series, path } = fiveJobs(directory);
    const collector = which === "another has read it" ? new Collector(directory) : undefined;
    if (collector !== undefined) await samples(directory, collector);
    putInPlace(path);
    expect(await samples(directory, collector)).toEqual({ jobs_total: 5 });
    series.add(1);
    store.flush();
    await sleep(1100);
    store.flush();
    expect(await samples(directory, collector)).toEqual({ jobs_total: 6 });
    expect(onlyFile(directory).path).toBe(path);
    putInPlace(path);
    series.add(1);
    store.close();
    expect(await samples(directory, collector)).toEqual({ jobs_total: 7 });
    expect(await samples(directory, collector)).toEqual({ jobs_total: 7 });
    expect(filesIn(directory)).toEqual(["retained.v1.flushguard"]);
  },
);

test.each([16, 4095, 4200])("one that was cut short at %i is in no total, and is written anew too", async (bytes) => {
  const directory = folder();
  const { store, path } = fiveJobs(directory);
  putInPlace(path);
  truncateSync(path, bytes);
  const collector = new Collector(directory);
  expect(await samples(directory, collector)).not.toHaveProperty("jobs_total");
  await sleep(1100);
  store.flush();
  expect(await samples(directory, collector)).toMatchObject({ jobs_total: 5 });
  store.close();
  for (let scrape = 0; scrape < 2; scrape++)
    expect(await samples(directory, collector)).toMatchObject({ jobs_total: 5 });
});

test.each(["a link to it", "the file of another process", "a folder"])(
  "where %s is put in its place it goes on elsewhere, and that stays",
  async (what) => {
    const [directory, elsewhere] = [folder(), folder()];
    const { store, series, path } = fiveJobs(directory);
    if (what === "the file of another process") {
      const other = openStore(elsewhere);
      other.series(other.family(COUNTER), {}).add(100);
      other.flush();
      putInPlace(path, onlyFile(elsewhere).path);
    } else {
      renameSync(path, join(elsewhere, "moved"));
      if (what === "a folder") mkdirSync(path);
      else symlinkSync(join(elsewhere, "moved"), path);
    }
    series.add(1);
    await sleep(1100);
    store.flush();
    expect(await samples(directory)).toEqual({ jobs_total: 6 });
    store.close();
    expect(await samples(directory)).toEqual({ jobs_total: 6 });
    expect(existsSync(path)).toBe(true);
  },
);

test.each(["while it lives", "once it is dead"])(
  "a copy of what a process had before it made another file adds nothing: put there %s",
  async (when) => {
    const directory = folder();
    const { store, series, path } = fiveJobs(directory);
    const copy = join(folder(), "copy");
    copyFileSync(path, copy);
    rmSync(path);
    series.add(1);
    store.flush(true);
    if (when === "once it is dead") store.close();
    copyFileSync(copy, path);
    for (let scrape = 0; scrape < 2; scrape++) expect(await samples(directory)).toEqual({ jobs_total: 6 });
    store.close();
    for (let scrape = 0; scrape < 2; scrape++) expect(await samples(directory)).toEqual({ jobs_total: 6 });
    expect(existsSync(path)).toBe(false);
  },
);

test("a directory that is restored by copies while its processes live, and when they are dead, counts once", async () => {
  const directory = join(folder(), "metrics");
  const restore = () => {
    cpSync(directory, `${directory}-copy`, { recursive: true, preserveTimestamps: true });
    rmSync(directory, { recursive: true });
    renameSync(`${directory}-copy`, directory);
  };
  const dead = openStore(directory);
  dead.series(dead.family(COUNTER), {}).add(100);
  dead.close();
  const store = openStore(directory);
  const series = store.series(store.family(COUNTER), {});
  series.add(5);
  store.flush();
  restore();
  expect(await samples(directory)).toEqual({ jobs_total: 105 });
  await sleep(1100);
  series.add(1);
  store.flush();
  expect(await samples(directory)).toEqual({ jobs_total: 106 });
  restore();
  store.close();
  restore();
  expect(await samples(directory)).toEqual({ jobs_total: 106 });
  restore();
  expect(await samples(directory)).toEqual({ jobs_total: 106 });
});

test.each(["nothing", "one that refuses"])(
  "a directory that is moved away, with %s in its place, and comes back, counts once",
  async (meanwhile) => {
    const directory = join(folder(), "metrics");
    const store = new Store(directory, () => {});
    onTestFinished(() => store.close());
    const series = store.series(store.family(COUNTER), {});
    const add = async () => {
      series.add(5);
      store.flush();
      await sleep(1100);
      store.flush();
    };
    await add();
    renameSync(directory, `${directory}-away`);
    if (meanwhile !== "nothing") {
      mkdirSync(directory);
      chmodSync(directory, 0o777);
    }
    await add();
    series.add(5);
    store.flush();
    expect(store.open).toBe(meanwhile === "nothing");
    expect(await samples(directory)).toEqual(meanwhile === "nothing" ? { jobs_total: 15 } : {});
    rmSync(directory, { recursive: true });
    renameSync(`${directory}-away`, directory);
    await add();
    expect(store.open).toBe(true);
    expect(await samples(directory)).toEqual({ jobs_total: 20 });
    store.close();
    expect(await samples(directory)).toEqual({ jobs_total: 20 });
  },
);

test("a process that may not look at its directory any more goes on in the file that it has, and shows no others", async () => {
  const directory = join(folder(), "metrics");
  const from = (path: string) => JSON.stringify(new URL(`../../dist/src/multiprocess/${path}`, import.meta.url).href);
  const code = `import { chmodSync } from "node:fs";
    import { Collector } from ${from("merge/collector.js")};
    import { looksDue } from ${from("merge/glance.js")};
    series.add(3);
    store.flush();
    if (process.getuid() === 0) process.setuid(65534);
    else chmodSync(process.env.DIRECTORY, 0);
    series.add(4);
    setTimeout(() => series.add(5), 1200);
    setTimeout(() => {}, 1300);
    const refused = await new Collector(process.env.DIRECTORY).collect(() => true).then(() => "", ({ message }) => message);
    console.log(looksDue(process.env.DIRECTORY), refused.slice(0, 6));`;
  const { stdout, ...exit } = await run(`${STORE} ${code}`, [], { DIRECTORY: directory });
  expect([exit, stdout]).toEqual([expect.objectContaining({ code: 0, stderr: "" }), "false EACCES\n"]);
  chmodSync(directory, 0o700);
  expect(await samples(directory)).toEqual({ jobs_total: 12 });
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

/** Runs a program whose writes beyond some bytes of a file are refused while its disk is `full`. */
const full = (code: string, directory: string) =>
  result<Record<string, unknown>>(
    `import fs from "node:fs";
     import { syncBuiltinESMExports } from "node:module";
     const { writeSync } = fs;
     let full = false;
     fs.writeSync = (fd, buffer, at, bytes, position) => {
       const room = full ? fs.fstatSync(fd).size - position : bytes;
       if (bytes > room) throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
       return writeSync(fd, buffer, at, bytes, position);
     };
     syncBuiltinESMExports();
     const { Store } = await import(dist + "multiprocess/store/store.js");
     const { Collector } = await import(dist + "multiprocess/merge/collector.js");
     const told = [];
     const directory = process.env.DIRECTORY;
     const store = new Store(directory, ({ message }) => told.push([message, store.open]));
     const family = store.family({ name: "jobs_total", help: "Jobs.", type: "counter" });
     const seen = async () => {
       const { families, health } = await new Collector(directory).collect(() => true);
       const samples = families.flatMap((family) => [...family.samples]);
       const total = samples.reduce((sum, { value }) => sum + value, 0);
       const { live, waiting, memory, waitingSeries, writeErrors } = health;
       return { total, live, waiting, memory, waitingSeries, refused: writeErrors > 0 };
     };
     ${code}
     process.exit();`,
    [],
    { DIRECTORY: directory },
  );

test("on a full disk known series are written, new ones wait and say so, and all of it is there when there is room", async () => {
  const directory = folder();
  const code = `const known = store.series(family, { kind: "known" });
    known.add(1);
    store.flush();
    full = true;
    const added = Array.from({ length: 200 }, (_, i) => store.series(family, { kind: i }));
    for (const series of added) series.add(1);
    for (let i = 0; i < 20; i++) {
      known.add(1);
      added[0].add(1);
      store.flush();
      await sleep(20);
    }
    const during = await seen();
    full = false;
    await sleep(1100);
    console.log(JSON.stringify({ during, after: await seen(), told }));`;
  expect(await full(code, directory)).toEqual({
    during: { total: 21, live: 0, waiting: 1, memory: 0, waitingSeries: 200, refused: true },
    after: { total: 21 + 220, live: 1, waiting: 0, memory: 0, waitingSeries: 0, refused: true },
    told: [["ENOSPC: no space left on device", true]],
  });
  expect(Object.values(await samples(directory)).reduce((sum, value) => sum + value, 0)).toBe(241);
});

test("a process that begins on a full disk is seen to have nothing in the totals, until there is room", async () => {
  const directory = folder();
  const code = `full = true;
    const series = store.series(family, {});
    for (let i = 0; i < 5; i++) {
      series.add(1);
      store.flush();
      await sleep(20);
    }
    const during = await seen();
    full = false;
    await sleep(1100);
    console.log(JSON.stringify({ during, after: await seen(), told }));`;
  expect(await full(code, directory)).toEqual({
    during: { total: 0, live: 0, waiting: 0, memory: 1, waitingSeries: 0, refused: false },
    after: { total: 5, live: 1, waiting: 0, memory: 0, waitingSeries: 0, refused: true },
    told: [["ENOSPC: no space left on device", false]],
  });
  expect(await samples(directory)).toEqual({ jobs_total: 5 });
});

test.each(["idle", "about to end"])(
  "a directory that is removed under a process that is %s is made again",
  async (what) => {
    const directory = join(folder(), "metrics");
    const code = `import { existsSync, rmSync } from "node:fs";
    series.add(3);
    setTimeout(() => {
      rmSync(process.env.DIRECTORY, { recursive: true });
      if (process.argv[1] === "idle") setTimeout(() => console.log(existsSync(process.env.DIRECTORY)), 1500);
    }, 20);`;
    const { stdout } = await run(`${STORE} ${code.replaceAll("process.argv[1]", JSON.stringify(what))}`, [], {
      DIRECTORY: directory,
    });
    if (what === "idle") expect(stdout).toBe("true\n");
    expect(await samples(directory)).toEqual({ jobs_total: 3 });
  },
);

test.each([
  ["others may write to", 0o777],
  ["its group may write to", 0o770],
])("a directory that %s is refused, until it is this user's alone or meant for others", async (_, mode) => {
  const directory = folder();
  chmodSync(directory, mode);
  const told: string[] = [];
  const store = new Store(directory, (error) => told.push((error as Error).message));
  onTestFinished(() => store.close());
  store.series(store.family(COUNTER), {}).add(5);
  store.flush();
  expect(told).toEqual([
    expect.stringContaining("may be written to by other users; take a folder of this user's alone"),
  ]);
  expect(filesIn(directory)).toEqual([]);
  vi.stubEnv("FLUSHGUARD_MULTIPROCESS_SHARED", "1");
  onTestFinished(() => void vi.unstubAllEnvs());
  await sleep(200);
  expect(filesIn(directory)).toHaveLength(1);
  expect(await samples(directory)).toEqual({ jobs_total: 5 });
});

test.each([
  ["refused until it is meant for others", "anybody may put another in its place", 0o777, "shared", false],
  ["refused until nobody may", "anybody may put another in its place", 0o777, "closed", false],
  ["taken", "nobody may rename what is another's", 0o1777, "shared", true],
  ["taken", "only those of a group may put another in its place", 0o775, "shared", true],
])("a directory is %s where %s", async (_, __, mode, then, isTaken) => {
  const above = join(folder(), "above");
  const directory = join(above, "a", "metrics");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  chmodSync(above, mode);
  const told: string[] = [];
  const store = new Store(directory, (error) => told.push((error as Error).message));
  onTestFinished(() => store.close());
  store.series(store.family(COUNTER), {}).add(5);
  store.flush();
  expect(filesIn(directory)).toHaveLength(isTaken ? 1 : 0);
  if (isTaken) return;
  expect(told).toEqual([
    expect.stringContaining(`it is in ${above}, where other users may put another in its place; take a folder`),
  ]);
  if (then === "closed") chmodSync(above, 0o755);
  else {
    vi.stubEnv("FLUSHGUARD_MULTIPROCESS_SHARED", "1");
    onTestFinished(() => void vi.unstubAllEnvs());
  }
  await sleep(200);
  expect(await samples(directory)).toEqual({ jobs_total: 5 });
});

test("what an app's umask takes from its user the files have all the same", async () => {
  const directory = join(folder(), "metrics");
  const code = `process.umask(0o777); series.add(3); setTimeout(() => {}, 10);`;
  expect(await run(`${STORE} ${code}`, [], { DIRECTORY: directory })).toMatchObject({ code: 0 });
  const modes = filesIn(directory).map((name) => statSync(join(directory, name)).mode & 0o777);
  expect([statSync(directory).mode & 0o777, ...modes]).toEqual([0o700, 0o600]);
});

test("a directory of another user is refused, but not to root who only reads", () => {
  const directory = folder();
  if (process.geteuid?.() === 0) chownSync(directory, 65534, 65534);
  const owner = statSync(directory).uid;
  const refusals = ([user, reading]: readonly [number, boolean]) => {
    const spy = vi.spyOn(process, "geteuid").mockReturnValue(user);
    try {
      return distrust(directory, reading)?.startsWith("is another user's") ?? false;
    } finally {
      spy.mockRestore();
    }
  };
  const cases = [
    [owner, false],
    [owner, true],
    [owner + 1, false],
    [owner + 1, true],
    [0, false],
    [0, true],
  ] as const;
  expect(cases.map(refusals)).toEqual([false, false, true, true, true, false]);
});

test("a reader leaves a mark that it knows for its own, and none where nothing is", () => {
  const directory = folder();
  expect(isOwnMark(lastMark(directory))).toBe(false);
  leaveMark(directory);
  expect(Math.abs(lastMark(directory) - Date.now())).toBeLessThan(5000);
  expect(isOwnMark(lastMark(directory))).toBe(true);
  expect(lastMark(join(directory, "none"))).toBe(0);
});

test("a link is no directory for metrics", () => {
  const link = join(folder(), "link");
  symlinkSync(folder(), link);
  const told: string[] = [];
  const store = new Store(link, (error) => told.push((error as Error).message));
  onTestFinished(() => store.close());
  store.series(store.family(COUNTER), {}).add(5);
  store.flush();
  expect(told).toEqual([expect.stringMatching(/^it is a link, .*; give the directory that it leads to$/)]);
});

test("metrics that are withdrawn are forgotten with the last of their series", async () => {
  const directory = folder();
  const store = openStore(directory);
  const kept = store.series(store.family(COUNTER), {});
  for (let i = 0; i < 2000; i++) {
    const family = store.family({ ...COUNTER, name: `passing_${i}_total` });
    const series = store.series(family, {});
    series.add(1);
    kept.add(1);
    store.flush();
    series.clear();
    store.withdraw(family);
  }
  store.flush();
  expect(statSync(onlyFile(directory).path).size).toBeLessThan(65_536);
  const { families } = await new Collector(directory).collect(() => true);
  expect(families.map(({ name }) => name)).toEqual(["jobs_total"]);
});

test("all that is no number is written as NaN", async () => {
  const directory = folder();
  const store = openStore(directory);
  const [payload = 0] = new Float64Array(new BigUint64Array([0xffffffffffffffffn]).buffer);
  store.series(store.family({ name: "g", help: "G.", type: "gauge", mode: "sum" }), {}).set(payload);
  store.flush();
  expect(await samples(directory)).toEqual({ g: Number.NaN });
});
