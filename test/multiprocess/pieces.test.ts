import { spawnSync } from "node:child_process";
import fs, { cpSync, rmSync, statSync, symlinkSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import { collect } from "../../dist/src/multiprocess/collect.js";
import type { TextSink } from "../../dist/src/multiprocess/family.js";
import { writeArranged } from "../../dist/src/multiprocess/merge/arrange.js";
import { Collector, type Present } from "../../dist/src/multiprocess/merge/collector.js";
import { column, memory } from "../../dist/src/multiprocess/merge/column.js";
import { Families } from "../../dist/src/multiprocess/merge/families.js";
import { fold, isSame } from "../../dist/src/multiprocess/merge/fold.js";
import { isRecent, nothingFolded } from "../../dist/src/multiprocess/merge/folded.js";
import { looksDue } from "../../dist/src/multiprocess/merge/glance.js";
import { nothingWrong } from "../../dist/src/multiprocess/merge/health.js";
import { NarrowColumn } from "../../dist/src/multiprocess/merge/narrow-column.js";
import { type Mark, markOf } from "../../dist/src/multiprocess/merge/read-file.js";
import { Source } from "../../dist/src/multiprocess/merge/source.js";
import { TextTable } from "../../dist/src/multiprocess/merge/text-table.js";
import { partOf } from "../../dist/src/multiprocess/prom-client/answer.js";
import { beforeHandOver } from "../../dist/src/multiprocess/prom-client/hand-over.js";
import { atOnce } from "../../dist/src/multiprocess/slices.js";
import { afterExit } from "../../dist/src/multiprocess/store/after-exit.js";
import { BackOff } from "../../dist/src/multiprocess/store/back-off.js";
import { dirtyRanges } from "../../dist/src/multiprocess/store/dirty-ranges.js";
import { writeExemplar } from "../../dist/src/multiprocess/store/exemplar.js";
import { EXEMPLAR, FLAG, SLOT, VERSION } from "../../dist/src/multiprocess/store/format.js";
import { inOrder, sortedLabelText } from "../../dist/src/multiprocess/store/label-text.js";
import { Store } from "../../dist/src/multiprocess/store/store.js";
import { filesIn, folder, onlyFile, openStore, samples, valuesOf } from "./in-process.js";
import { interceptCalls } from "./lib/calls.mjs";

const JOBS = { name: "jobs_total", help: "Jobs.", type: "counter" } as const;

/** What a scrape says of who is in the files. */
async function presentIn(directory: string): Promise<Present> {
  let present: Present | undefined;
  await new Collector(directory).collect(
    () => true,
    async (given) => {
      present = given;
      return [];
    },
  );
  return present as Present;
}

test("what a reader keeps is no reason for V8 to collect garbage", () => {
  const counted = () => process.memoryUsage().external;
  const before = counted();
  const kept = [column(Float64Array, 2 ** 19), memory(2 ** 22)];
  expect(counted() - before).toBeLessThan(2 ** 20);
  const other = new Float64Array(2 ** 19);
  expect(counted() - before, "the measure works").toBeGreaterThan(2 ** 21);
  expect([...kept, other].map(({ byteLength }) => byteLength)).toEqual([2 ** 22, 2 ** 22, 2 ** 22]);
});

test("a column of whole numbers has them all, however large they become and however much room there is", () => {
  const numbers = [0, 1, 255, 256, 7, 65_535, 65_536, 2 ** 32 - 1];
  const column = new NarrowColumn(4);
  for (const [i, number] of numbers.entries()) {
    if (i === column.length) column.resize(2 * i);
    column.set(i, number);
    const written = numbers.slice(0, i + 1);
    expect(written.map((_, at) => column.at(at))).toEqual(written);
  }
  column.resize(3);
  expect([column.length, column.at(0), column.at(1), column.at(2)]).toEqual([3, 0, 1, 255]);
});

/** Bytes that a reader keeps of one more file, or lets go of meanwhile. */
function bytesToRead(path: string, like: Source | undefined, into: Families): [Source, number] {
  const { SharedArrayBuffer: Original } = globalThis;
  let bytes = 0;
  class Counting extends Original {
    constructor(length: number) {
      super(length);
      bytes += length;
    }
  }
  Object.assign(globalThis, { SharedArrayBuffer: Counting });
  const fd = fs.openSync(path, "r");
  try {
    const source = new Source(into, VERSION, like);
    expect(atOnce(source.read(fd))).toBe("whole");
    return [source, bytes];
  } finally {
    Object.assign(globalThis, { SharedArrayBuffer: Original });
    fs.closeSync(fd);
  }
}

test.each([
  ["the same order", (n: number) => n],
  ["another order", (n: number) => (n * 7919) % 20_000],
])("a reader of many files needs few bytes for each series: in %s in each file", (_, place) => {
  const directory = folder();
  const SERIES = 20_000;
  const fill = (numberOf: (n: number) => number) => {
    const store = openStore(directory);
    const family = store.family(JOBS);
    for (let n = 0; n < SERIES; n++) store.series(family, { route: `/route/${numberOf(n)}`, method: "GET" }).set(n);
    store.flush();
  };
  fill((n) => n);
  const [first = ""] = filesIn(directory);
  fill(place);
  const second = filesIn(directory).find((name) => name !== first) ?? "";
  const into = new Families();
  const [like] = bytesToRead(join(directory, first), undefined, into);
  const [source, bytes] = bytesToRead(join(directory, second), like, into);
  expect(source.entries.length).toBe(SERIES);
  // A value is 8 of them.
  expect(bytes / SERIES).toBeLessThan(16);
});

test("texts have one number each, however many there are, and whatever number is guessed", () => {
  const texts = Array.from({ length: 5000 }, (_, i) => (i % 3 === 0 ? `é😀${i}` : `route="/${i}",method="GET"`));
  const table = new TextTable();
  const numberOf = (text: string, likely?: number) => {
    const bytes = Buffer.from(`<${text}>`);
    return table.numberOf(bytes, 1, bytes.length - 1, likely);
  };
  for (const [i, text] of texts.entries()) expect(numberOf(text, i - 1)).toBe(i);
  for (const [i, text] of texts.entries()) expect(numberOf(text, i % 2 === 0 ? i : i + 1)).toBe(i);
  expect(texts.map((_, i) => table.textOf(i))).toEqual(texts);
  expect(table.length).toBe(5000);
  expect([numberOf(""), numberOf("", 3), table.textOf(5000)]).toEqual([5000, 5000, ""]);
});

test("labels are written in the order of the app, whatever is in their values", () => {
  const values = ["", "a", 'say "a",b="c"', "back\\slash\\", "line\nbreak", "é😀", "=", '",'];
  for (const [i, value] of values.entries()) {
    const labels = { zone: value, able: values.at(i - 1), mid: values.at(i - 2), b: `${value}${value}` };
    const { text, order } = sortedLabelText(labels);
    const [bytes, orders] = [Buffer.from(`{${text}}`), new TextTable()];
    const number = orders.numberOf(order as Uint8Array, 0, order?.length ?? 0);
    let written = "";
    const sink: TextSink = {
      put: (part) => {
        written += part;
      },
      putBytes: (part, from, to) => {
        written += Buffer.from(part.subarray(from, to)).toString();
      },
    };
    writeArranged(bytes, 1, bytes.length - 1, orders, number, sink);
    expect(written).toBe(inOrder(text, order));
    expect(written).toMatch(/^zone="/);
  }
});

test("the scrape knows which processes have a file", async () => {
  const directory = folder();
  const worker = new Worker(
    `const { Store } = await import(${JSON.stringify(import.meta.resolve("../../dist/src/multiprocess/store/store.js"))});
     const store = new Store(${JSON.stringify(directory)}, console.error);
     store.series(store.family(${JSON.stringify(JOBS)}), {}).set(1);
     store.flush();
     const { parentPort } = await import("node:worker_threads");
     parentPort.postMessage("there");
     parentPort.on("message", () => process.exit());`,
    { eval: true },
  );
  await new Promise((resolve) => worker.once("message", resolve));
  const ofThread = await presentIn(directory);
  expect(ofThread.hasFile(process.pid)).toBe(false);
  worker.postMessage("end");
  await new Promise((resolve) => worker.once("exit", resolve));
  const store = openStore(directory);
  store.series(store.family(JOBS), {}).set(1);
  store.flush();
  const present = await presentIn(directory);
  // In a thread of the test runner, a store is that of a thread.
  expect(present.hasFile(process.pid)).toBe((await import("node:worker_threads")).isMainThread);
  expect(present.hasFile(1)).toBe(false);
});

test("what a process does not want in clusterMetrics() is left out of what it has counted alone, also when it is dead", async () => {
  const directory = folder();
  const collector = new Collector(directory);
  const shown = async () => valuesOf((await collector.collect((_, apart) => !apart)).families);
  const stores = [true, false, true, false].map((apart, i) => {
    const store = openStore(directory);
    const registry = i < 2 ? {} : ({ registry: "custom" } as const);
    const ms = store.family({ name: "ms", help: "", type: "histogram", buckets: apart ? [1, 5] : [5], ...registry });
    const jobs = store.family({ ...JOBS, ...registry });
    const alone = store.family({ ...JOBS, name: `jobs_${i}_total`, ...registry });
    for (const family of [ms, jobs, alone]) store.flag(family, FLAG.apart, apart);
    store.series(ms, {}).set(1);
    store.series(jobs, { i: apart }).set(10 ** i);
    store.series(jobs, {}).set(10 ** i);
    store.series(alone, {}).set(1);
    store.flush();
    return store;
  });
  const wanted = {
    'ms_bucket{le="5"}': 2,
    'ms_bucket{le="+Inf"}': 2,
    ms_sum: 0,
    ms_count: 2,
    'jobs_total{i="false"}': 1010,
    jobs_total: 1010,
    jobs_1_total: 1,
    jobs_3_total: 1,
  };
  expect(await shown()).toEqual(wanted);
  stores[2]?.close();
  for (let again = 0; again < 2; again++) expect(await shown()).toEqual(wanted);
  for (const store of stores) store.close();
  for (let again = 0; again < 2; again++) expect(await shown()).toEqual(wanted);
  expect(filesIn(directory)).toEqual(["retained.v1.flushguard"]);
  expect(await samples(directory)).toMatchObject({
    'ms_bucket{le="1"}': 2,
    'ms_bucket{le="5"}': 4,
    'jobs_total{i="true"}': 101,
    jobs_total: 1111,
  });
});

test("of metrics of one name those of the default registries are shown to who asks for no registry", async () => {
  const directory = folder();
  const stores = [undefined, "custom" as const].map((registry, i) => {
    const store = openStore(directory);
    store.series(store.family({ ...JOBS, ...(registry && { registry }) }), {}).set(10 ** i);
    store.series(store.family({ ...JOBS, name: "own_total", registry: "custom" }), {}).set(10 ** i);
    store.flush();
    return store;
  });
  const shown = async () => valuesOf((await collect(directory)).families);
  expect(await shown()).toEqual({ jobs_total: 1, own_total: 11 });
  for (const store of stores) store.close();
  for (let again = 0; again < 2; again++) expect(await shown()).toEqual({ jobs_total: 1, own_total: 11 });
  expect(filesIn(directory)).toEqual(["retained.v1.flushguard"]);
});

test("what is left out of a scrape is none that is gone: it is not read anew", async () => {
  const directory = folder();
  const store = openStore(directory);
  const family = store.family(JOBS);
  store.flag(family, FLAG.apart, true);
  for (let i = 0; i < 2000; i++) store.series(family, { i }).set(i);
  store.flush();
  const collector = new Collector(directory);
  const families = async () => {
    let given: Families | undefined;
    await collector.collect(
      (_, apart) => !apart,
      async (present) => {
        given = present.families;
        return [];
      },
    );
    return given;
  };
  const first = await families();
  expect((await families()) === first).toBe(true);
});

test.each([
  ["max", [5, 3], 5],
  ["max", [-5], -5],
  ["max", [-5, -3], -3],
  ["min", [5, 3], 3],
  ["min", [5], 5],
  ["min", [3, 5], 3],
] as const)("%s of %j is %d", async (mode, values, result) => {
  const directory = folder();
  for (const value of values) {
    const store = openStore(directory);
    store.series(store.family({ name: "most", help: "", type: "gauge", mode }), {}).set(value);
    store.flush();
  }
  expect(await samples(directory)).toEqual({ most: result });
});

test("what a worker answers that has no file is added, and nothing of it is trusted", async () => {
  const directory = folder();
  const store = openStore(directory);
  store.series(store.family(JOBS), { b: 1, a: 2 }).set(3);
  store.flush();
  const bucket = (le: number | string, value: number) => ({ metricName: "h_bucket", labels: { le }, value });
  const answer = [
    [
      { ...JOBS, values: [{ labels: { b: 1, a: 2 }, value: 4 }, { labels: { b: 2, a: 1 }, value: 1 }, null] },
      { name: "g", help: "G.", type: "gauge", aggregator: "max", values: [{ value: 7 }] },
      { name: "omitted", help: "O.", type: "gauge", aggregator: "omit", values: [{ value: 7 }] },
      {
        name: "h",
        help: "H.",
        type: "histogram",
        values: [
          bucket(1, 2),
          bucket(5, 2),
          bucket("+Inf", 3),
          { metricName: "h_sum", value: 9 },
          { metricName: "h_count", value: 3 },
        ],
      },
      {
        name: "s",
        help: "S.",
        type: "summary",
        values: [
          { labels: { quantile: 0.5 }, value: 2 },
          { metricName: "s_sum", value: 6 },
          { metricName: "s_count", value: 2 },
        ],
      },
      { name: "odd", type: "untyped", values: [{ value: 1 }] },
    ],
    [null, 5, { name: 5, type: "gauge", values: [] }, { name: "empty", type: "counter" }],
  ];
  const others = async (present: Present) => [partOf(answer, present.families)];
  const { families } = await new Collector(directory).collect(() => true, others);
  expect(valuesOf(families)).toEqual({
    'jobs_total{b="1",a="2"}': 7,
    'jobs_total{b="2",a="1"}': 1,
    g: 7,
    'h_bucket{le="1"}': 2,
    'h_bucket{le="5"}': 2,
    'h_bucket{le="+Inf"}': 3,
    h_sum: 9,
    h_count: 3,
    s_sum: 6,
    s_count: 2,
  });
});

test("a worker that has no file may have many series, and some without a number", async () => {
  const values = Array.from({ length: 1000 }, (_, i) => ({ labels: { i }, value: i }));
  const answer = [
    [{ ...JOBS, values }],
    [{ name: "s", help: "S.", type: "summary", values: [{ metricName: "s_sum", value: 6 }] }],
  ];
  const others = async (present: Present) => [partOf(answer, present.families)];
  const { families } = await new Collector(folder()).collect(() => true, others);
  const shown = valuesOf(families);
  expect(Object.keys(shown)).toHaveLength(1002);
  expect(shown).toMatchObject({ 'jobs_total{i="999"}': 999, s_sum: 6 });
});

test.each(["waiting", "memory", "writeErrors", "badFiles", "newerFiles"])(
  "something is wrong where there are %s",
  (what) => {
    const health = {
      live: 2,
      waiting: 0,
      memory: 0,
      writeErrors: 0,
      lastWriteMs: 1,
      waitingSeries: 0,
      badFiles: 0,
      newerFiles: 0,
    };
    expect([nothingWrong(health), nothingWrong({ ...health, [what]: 1 })]).toEqual([true, false]);
    // Two of them do not make up for each other.
    for (const other of ["waiting", "memory", "writeErrors", "badFiles", "newerFiles"])
      expect(nothingWrong({ ...health, [what]: 1, [other]: 1 })).toBe(false);
  },
);

test("what is near is written together, and what is far apart is not", () => {
  const at = (position: number, exemplars = 0) => ({ at: position, slots: 2, exemplars });
  const end = (position: number, exemplars = 0) => position + 2 * SLOT + exemplars * EXEMPLAR;
  expect(dirtyRanges([])).toEqual([]);
  expect(dirtyRanges([at(9000), at(8192)])).toEqual([[8192, end(9000)]]);
  expect(dirtyRanges([at(1_000_500), at(8192), at(1_000_000), at(9000, 2)])).toEqual([
    [8192, end(9000, 2)],
    [1_000_000, end(1_000_500)],
  ]);
  // Also far into the file, one wide gap among three is not worth a call.
  expect(dirtyRanges([at(1_000_000), at(1_000_050), at(1_009_000)])).toEqual([[1_000_000, end(1_009_000)]]);
});

test("a refusal after a success is the first in a row", () => {
  const backOff = new BackOff(() => {});
  expect([backOff.refused(), backOff.refused(), backOff.failing]).toEqual([true, false, true]);
  backOff.over();
  expect([backOff.failing, backOff.refused()]).toEqual([false, true]);
  backOff.over();
});

test("an exemplar goes with its series", async () => {
  const directory = folder();
  const [collector, store] = [new Collector(directory), openStore(directory)];
  const series = store.series(store.family(JOBS), {}, 1);
  series.set(1);
  series.exemplify({ labels: 'trace="1"', value: 1, timestamp: 1 }, 0);
  store.flush();
  const exemplars = async () => {
    const { families } = await collector.collect(() => true);
    return families.flatMap(({ samples }) => [...samples].map(({ exemplar }) => exemplar?.labels));
  };
  expect(await exemplars()).toEqual(['trace="1"']);
  series.clear();
  store.series(store.family(JOBS), {}).set(2);
  store.flush();
  expect(await exemplars()).toEqual([undefined]);
});

test("a metric without series is brought in by time, and says when it last was", async () => {
  const directory = folder();
  const store = openStore(directory);
  expect([store.open, store.waiting]).toEqual([true, 0]);
  const collector = new Collector(directory);
  const family = store.family(JOBS);
  await sleep(100);
  const first = await collector.collect(() => true);
  expect(first.families.map(({ name, live }) => [name, live])).toEqual([["jobs_total", 1]]);
  store.series(family, {}).set(1);
  await sleep(1200);
  const { health } = await collector.collect(() => true);
  expect(Number(health.lastWriteMs) - Number(first.health.lastWriteMs)).toBeGreaterThan(500);
});

test("a metric that was forgotten is back with its next series", async () => {
  const directory = folder();
  const store = openStore(directory);
  const family = store.family(JOBS);
  const series = store.series(family, {});
  series.set(1);
  store.series(store.family({ ...JOBS, name: "others_total" }), {}).set(1);
  store.flush();
  store.withdraw(family);
  series.clear();
  rmSync(onlyFile(directory).path);
  store.flush(true);
  expect(family.number).toBe(-1);
  store.series(family, {}).set(7);
  store.flush();
  expect(await samples(directory)).toEqual({ jobs_total: 7, others_total: 1 });
});

test("the oldest process comes first, behind what is retained, and of equal age one that is always the same", () => {
  const source = (started: string, random: string) =>
    Object.assign(new Source(new Families()), { identity: { started, random } });
  const retained = new Source(new Families());
  const all = [source("10", "a"), source("9", "c"), source("9", "b"), retained];
  for (const order of [all, all.toReversed()]) {
    const sorted = order.toSorted(Source.byAge).map(({ identity }) => identity && identity.started + identity.random);
    expect(sorted).toEqual([undefined, "9b", "9c", "10a"]);
  }
});

test("a file is the same where nothing of it has changed", () => {
  const mark = { inode: 1, bytes: 2, mtimeMs: 3 };
  expect(isSame(mark, { ...mark })).toBe(true);
  for (const what of ["inode", "bytes", "mtimeMs"]) expect(isSame(mark, { ...mark, [what]: 4 })).toBe(false);
});

/** A damaged file that nobody writes. */
function badFile(directory: string): [path: string, condemned: [name: string, Mark]] {
  const [name, path] = ["1-0-bad.v1.flushguard", join(directory, "1-0-bad.v1.flushguard")];
  fs.writeFileSync(path, "bad");
  return [path, [name, markOf(statSync(path))]];
}

function foldBad(directory: string, condemned: [name: string, Mark]): void {
  fold(directory, { dead: new Map(), condemned: new Map([condemned]), abandoned: [] }, new Families());
}

test("a file that was condemned and has changed since is not moved aside", () => {
  const directory = folder();
  const [path, condemned] = badFile(directory);
  fs.writeFileSync(path, "changed");
  foldBad(directory, condemned);
  expect(filesIn(directory)).toEqual(["1-0-bad.v1.flushguard", "retained.v1.flushguard"]);
  foldBad(directory, badFile(directory)[1]);
  expect(filesIn(directory)).toEqual(["flushguard-bad", "retained.v1.flushguard"]);
});

// Elsewhere a folder has no other name than its own.
test.runIf(process.platform === "linux")(
  "a link that takes the name of the folder for bad files meanwhile is not followed",
  () => {
    const [directory, elsewhere] = [folder(), folder()];
    const [place, moved] = [join(directory, "flushguard-bad"), join(directory, "moved")];
    const [, condemned] = badFile(directory);
    const { renameSync } = fs;
    const { existsSync } = fs;
    fs.existsSync = (path) => {
      if (!fs.lstatSync(place).isSymbolicLink()) {
        renameSync(place, moved);
        symlinkSync(elsewhere, place);
      }
      return existsSync(path);
    };
    syncBuiltinESMExports();
    onTestFinished(() => {
      fs.existsSync = existsSync;
      syncBuiltinESMExports();
    });
    foldBad(directory, condemned);
    expect([filesIn(elsewhere), filesIn(moved)]).toEqual([[], [expect.stringContaining("-1-0-bad.v1.flushguard")]]);
  },
);

test("a thread that ends lets go of its file, whoever else would close it", async () => {
  const directory = folder();
  const worker = new Worker(
    `const { Store } = await import(${JSON.stringify(import.meta.resolve("../../dist/src/multiprocess/store/store.js"))});
     const store = new Store(${JSON.stringify(directory)}, console.error);
     store.series(store.family(${JSON.stringify(JOBS)}), {}).set(1);
     store.flush();`,
    { eval: true, trackUnmanagedFds: false },
  );
  await new Promise((resolve) => worker.once("exit", resolve));
  const { families, health } = await new Collector(directory).collect(() => true);
  expect([valuesOf(families), health.live]).toEqual([{ jobs_total: 1 }, 0]);
});

test("an exemplar is written where it is another than before, and has room", () => {
  const file = Buffer.alloc(EXEMPLAR);
  const exemplar = { labels: 'trace="1"', value: 1 };
  const written = [exemplar, exemplar, { labels: "a".repeat(EXEMPLAR), value: 2 }, undefined, undefined];
  expect(written.map((one) => writeExemplar(file, 0, one))).toEqual([true, false, false, true, false]);
});

test("what a reader keeps of series that are gone it forgets, also where there is a file that it could never read", async () => {
  const directory = folder();
  const [store, other] = [openStore(directory), openStore(directory)];
  other.series(other.family(JOBS), {}).set(1);
  other.flush();
  const refused = onlyFile(directory).path;
  const family = store.family(JOBS);
  const all = Array.from({ length: 2000 }, (_, i) => store.series(family, { i }));
  for (const series of all) series.set(1);
  store.flush();
  onTestFinished(
    interceptCalls((name, args, call) => {
      if (name === "openSync" && args[0] === refused) throw Object.assign(new Error("refused"), { code: "EACCES" });
      return call(...args);
    }),
  );
  const collector = new Collector(directory);
  const kept: Families[] = [];
  for (let scrape = 0; scrape < 3; scrape++) {
    await collector.collect(
      () => true,
      async ({ families }) => {
        kept.push(families);
        return [];
      },
    );
    for (const series of all) series.clear();
    store.flush();
  }
  expect(kept.map((families) => families === kept[0])).toEqual([true, true, false]);
});

test("that there is room again is seen at once", async () => {
  const directory = folder();
  const store = new Store(directory, () => {});
  onTestFinished(() => store.close());
  const family = store.family(JOBS);
  store.series(family, {}).set(1);
  store.flush();
  const release = interceptCalls((name, args, call) => {
    if (name === "writeSync") throw Object.assign(new Error("full"), { code: "ENOSPC" });
    return call(...args);
  });
  onTestFinished(release);
  store.series(family, { i: 1 }).set(1);
  store.flush();
  release();
  store.flush(true);
  const { health } = await new Collector(directory).collect(() => true);
  expect(health).toMatchObject({ live: 1, waiting: 0, writeErrors: 1 });
});

test("a start folds nothing where what is left is little beside what is retained", async () => {
  const directory = folder();
  const leave = (series: number) => {
    const store = openStore(directory);
    const family = store.family(JOBS);
    for (let i = 0; i < series; i++) store.series(family, { i }).set(1);
    store.close();
  };
  leave(1000);
  expect(looksDue(directory)).toBe(true);
  await samples(directory);
  expect(filesIn(directory)).toEqual(["retained.v1.flushguard"]);
  expect(statSync(join(directory, "retained.v1.flushguard")).size).toBeGreaterThan(50_000);
  expect(looksDue(directory)).toBe(false);
  leave(1);
  expect(looksDue(directory)).toBe(false);
  new Collector(directory).tidy();
  expect(filesIn(directory)).toHaveLength(2);
  const alive = new Store(directory, () => {});
  const family = alive.family(JOBS);
  for (let i = 0; i < 2000; i++) alive.series(family, { i }).set(1);
  alive.flush();
  expect(looksDue(directory)).toBe(false);
  alive.close();
  expect(looksDue(directory)).toBe(true);
});

test("a start folds what dead processes have left, and reads nothing of those that live", async () => {
  const directory = folder();
  const leave = (series: number) => {
    const store = openStore(directory);
    const family = store.family(JOBS);
    for (let i = 0; i < series; i++) store.series(family, { i }).set(1);
    store.flush();
    return store;
  };
  const alive = leave(5000);
  leave(10).close();
  let bytes = 0;
  const { readSync } = fs;
  fs.readSync = ((...args: Parameters<typeof readSync>) => {
    const read = readSync(...args);
    bytes += read;
    return read;
  }) as typeof readSync;
  syncBuiltinESMExports();
  try {
    new Collector(directory).tidy();
  } finally {
    fs.readSync = readSync;
    syncBuiltinESMExports();
  }
  expect(filesIn(directory)).toEqual([expect.stringMatching(/^\d/), "retained.v1.flushguard"]);
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThan(100_000);
  const shown = await samples(directory);
  expect(Object.keys(shown)).toHaveLength(5000);
  expect([shown['jobs_total{i="9"}'], shown['jobs_total{i="10"}']]).toEqual([2, 1]);
  alive.close();
});

test("a scrape is overtaken by so many folds that it has to look again", () => {
  const at = (generation: number) => ({ ...nothingFolded(), generation });
  expect([100, 120, 164].map((after) => isRecent(at(100), at(after)))).toEqual([true, true, true]);
  expect([99, 165].map((after) => isRecent(at(100), at(after)))).toEqual([false, false]);
});

test("what is done at the end of the process is taken back", () => {
  const before = { ...process, emit: process.emit, reallyExit: Reflect.get(process, "reallyExit") };
  const restore = afterExit(() => {});
  expect(process.emit).not.toBe(before.emit);
  restore();
  expect([process.emit, Reflect.get(process, "reallyExit")]).toEqual([before.emit, before.reallyExit]);
});

test("what is done before a hand-over is taken back, also where an app has put its own over one of them", () => {
  const { kill, abort } = process;
  onTestFinished(() => {
    process.kill = kill;
  });
  let calls = 0;
  const restore = beforeHandOver(() => calls++);
  const wrapped = process.kill;
  process.kill = (...args) => wrapped(...args);
  expect([process.kill(process.pid, 0), process.abort.name, calls]).toEqual([true, abort.name, 1]);
  restore();
  expect(process.abort).toBe(abort);
});

test("a message of Node's own is no hand-over", () => {
  const send: unknown = Reflect.get(process, "_send");
  onTestFinished(() => void Reflect.set(process, "_send", send));
  const sent: unknown[] = [];
  Reflect.set(process, "_send", (message: unknown) => sent.push(message));
  let calls = 0;
  const restore = beforeHandOver(() => calls++);
  const messages = [{ cmd: "NODE_CLUSTER", ack: 1 }, { cmd: "stop" }, { cmd: 1 }, "NODE_", null];
  const counted = messages.map((message) => {
    (Reflect.get(process, "_send") as (message: unknown) => void)(message);
    return calls;
  });
  restore();
  expect([sent, counted]).toEqual([messages, [0, 1, 2, 3, 4]]);
});

test("a piece of the package that is missing is told once, not for each file of the client", () => {
  const copy = folder();
  const root = join(import.meta.dirname, "../..");
  cpSync(join(root, "dist"), join(copy, "dist"), {
    recursive: true,
    filter: (path) =>
      !path.startsWith(join(root, "dist/src")) && !/multiprocess-prom-client-clients-[\d.]+\.cjs$/.test(path),
  });
  cpSync(join(root, "package.json"), join(copy, "package.json"));
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  const app =
    "const { Counter, register } = require('prom-client'); new Counter({ name: 'jobs', help: 'Jobs.' }).inc(3); register.metrics().then(console.log)";
  const { stdout, stderr } = spawnSync(process.execPath, ["--import", join(copy, "dist/register.js"), "-e", app], {
    cwd: root,
    env: { ...process.env, FLUSHGUARD_MULTIPROCESS_DIR: join(copy, "metrics") },
    encoding: "utf8",
  });
  expect(stdout).toContain("jobs 3\n");
  expect(stderr.match(/^flushguard: .*$/gm)).toEqual([expect.stringContaining("prom-client/")]);
});
