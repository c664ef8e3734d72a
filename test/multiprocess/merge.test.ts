import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { render } from "../../dist/src/multiprocess/exposition/render.js";
import type { Family } from "../../dist/src/multiprocess/family.js";
import { Collector } from "../../dist/src/multiprocess/merge/collector.js";
import type { Mode } from "../../dist/src/multiprocess/meta.js";
import type { Store } from "../../dist/src/multiprocess/store/store.js";
import { result } from "../guard/child.js";
import {
  BAD,
  condemn,
  filesIn,
  folder,
  onlyFile,
  openDescriptors,
  openStore,
  samples,
  valuesOf,
} from "./in-process.js";

const COUNTER = { name: "jobs_total", help: "Jobs.", type: "counter" } as const;
const STORE = new URL("../../dist/src/multiprocess/store/store.js", import.meta.url).href;
const everything = () => true;

/** A process that has counted. */
function counted(directory: string, value: number): Store {
  const store = openStore(directory);
  store.series(store.family(COUNTER), {}).set(value);
  store.flush();
  return store;
}

/** As another format would have its header. */
function newer(content: Buffer): Buffer {
  content.writeUInt32LE(2, 8);
  return content;
}

/** What a process leaves that has died. */
function deadFile(value: number): { name: string; content: Buffer } {
  const directory = folder();
  counted(directory, value).close();
  const { path, content } = onlyFile(directory);
  return { name: basename(path), content };
}

describe("counters, histograms and summaries", () => {
  test("of a metric that is gone no bounds and no help are shown, to a reader that has seen it, and it may come back", async () => {
    const directory = folder();
    const [collector, store] = [new Collector(directory), openStore(directory)];
    const shown = async () => {
      store.flush();
      const { families } = await collector.collect(() => true);
      return families.map(({ help, samples }) => [help, [...samples].map(({ labels, value }) => `${labels} ${value}`)]);
    };
    const metric = (help: string, bound: number) => {
      const family = store.family({ name: "seconds", help, type: "histogram", buckets: [bound] });
      return { family, series: store.series(family, {}) };
    };
    const text = (bound: number) => [`le="${bound}" 0`, 'le="+Inf" 1', " 7", " 1"];
    const fill = ({ series }: ReturnType<typeof metric>) => {
      series.set(1, 1);
      series.set(7, 2);
    };
    const remove = ({ family, series }: ReturnType<typeof metric>) => {
      series.clear();
      store.withdraw(family);
    };
    const one = metric("One.", 1);
    fill(one);
    expect(await shown()).toEqual([["One.", text(1)]]);
    remove(one);
    expect(await shown()).toEqual([]);
    const two = metric("Two.", 2);
    fill(two);
    expect(await shown()).toEqual([["Two.", text(2)]]);
    remove(two);
    store.family(one.family.meta);
    fill(one);
    expect(await shown()).toEqual([["One.", text(1)]]);
    // And of a process that has died without a series.
    store.close();
    const other = openStore(directory);
    other.family({ name: "seconds", help: "Three.", type: "histogram", buckets: [3] });
    other.flush();
    other.close();
    expect(await shown()).toEqual([["One.", text(1)]]);
  });

  test("add up, whether their processes live or not, and files of the dead become one", async () => {
    const directory = folder();
    const stores = [1, 2, 3].map((value) => counted(directory, value));
    expect(await samples(directory)).toEqual({ jobs_total: 6 });
    stores[0]?.close();
    stores[1]?.close();
    expect(await samples(directory)).toEqual({ jobs_total: 6 });
    expect(filesIn(directory)).toHaveLength(2);
    stores[2]?.close();
    const collector = new Collector(directory);
    for (let i = 0; i < 3; i++) expect(await samples(directory, collector)).toEqual({ jobs_total: 6 });
    expect(filesIn(directory)).toEqual(["retained.v1.flushguard"]);
  });

  test("add up however many series of several values there are, and as more come, in whatever order", async () => {
    const directory = folder();
    const collector = new Collector(directory);
    const expected: Record<string, number> = {};
    const all = [0, 1].map(() => openStore(directory));
    const kinds = Array.from({ length: 100 }, (_, kind) => kind);
    for (const round of [1, 2]) {
      for (const [i, store] of all.entries()) {
        const family = store.family({ name: "bytes", help: "B.", type: "summary" });
        const some = kinds.slice(0, 50 * round).slice(50 * (round - 1));
        for (const kind of i === 0 ? some : some.reverse()) {
          const series = store.series(family, { kind });
          series.set(kind, 0);
          series.set(kind + 1000, 1);
          expected[`bytes_sum{kind="${kind}"}`] = 2 * kind;
          expected[`bytes_count{kind="${kind}"}`] = 2 * kind + 2000;
        }
        store.flush();
      }
      expect(await samples(directory, collector)).toEqual(expected);
      expect(await samples(directory)).toEqual(expected);
    }
    for (const store of all) store.close();
    for (let i = 0; i < 2; i++) expect(await samples(directory, collector)).toEqual(expected);
    expect(filesIn(directory)).toEqual(["retained.v1.flushguard"]);
    expect(await samples(directory)).toEqual(expected);
  });

  test("of processes with other buckets add up bucket by bucket", async () => {
    const directory = folder();
    for (const buckets of [
      [1, 5],
      [1, 10],
    ]) {
      const store = openStore(directory);
      const series = store.series(store.family({ name: "seconds", help: "S.", type: "histogram", buckets }), {
        a: "b",
      });
      for (const [slot, value] of [2, 3, 1, 44.5].entries()) series.set(value, slot);
      store.close();
    }
    const seconds = {
      'seconds_bucket{le="1",a="b"}': 4,
      'seconds_bucket{le="5",a="b"}': 7,
      'seconds_bucket{le="10",a="b"}': 10,
      'seconds_bucket{le="+Inf",a="b"}': 12,
      'seconds_sum{a="b"}': 89,
      'seconds_count{a="b"}': 12,
    };
    expect(await samples(directory)).toEqual(seconds);
    expect(await samples(directory)).toEqual(seconds);
  });

  test("of a summary the sum and the count are added, and its help text is the app's", async () => {
    const directory = folder();
    const store = openStore(directory);
    const series = store.series(store.family({ name: "size", help: "Sizes.", type: "summary" }), {});
    series.set(10, 0);
    series.set(4, 1);
    store.flush();
    const [family] = (await new Collector(directory).collect(everything)).families;
    expect({ ...family, samples: [...(family?.samples ?? [])] }).toEqual({
      name: "size",
      help: "Sizes.",
      type: "summary",
      live: 1,
      samples: [
        { name: "size_sum", labels: "", value: 10 },
        { name: "size_count", labels: "", value: 4 },
      ],
    });
  });

  test("a view stays as it was when files are read again, however often it is looked at", async () => {
    const directory = folder();
    const collector = new Collector(directory);
    const store = openStore(directory);
    const jobs = store.series(store.family(COUNTER), { kind: "a" });
    const seconds = store.series(
      store.family({ name: "seconds", help: "Seconds.", type: "histogram", buckets: [1] }),
      {},
      2,
    );
    const record = () => {
      jobs.add(1);
      seconds.add(1, 0);
      seconds.exemplify({ labels: `trace="${jobs.get()}"`, value: 0.5, timestamp: jobs.get() }, 0);
      store.flush();
    };
    record();
    const { families } = await collector.collect(everything);
    const before = families.map((family) => [...family.samples]);
    record();
    const wider = openStore(directory);
    wider
      .series(wider.family({ name: "seconds", help: "Seconds.", type: "histogram", buckets: [1, 2, 3] }), {})
      .add(9, 2);
    wider.series(wider.family(COUNTER), { kind: "b" }).set(5);
    wider.flush();
    const after = valuesOf((await collector.collect(everything)).families);
    expect(after).toMatchObject({ 'jobs_total{kind="a"}': 2, 'jobs_total{kind="b"}': 5, seconds_count: 11 });
    expect(families.map((family) => [...family.samples])).toEqual(before);
    expect(valuesOf(families)).toMatchObject({ 'jobs_total{kind="a"}': 1, seconds_count: 1 });
  });

  test("a histogram has the bounds of all, also where no process has all of them", async () => {
    const directory = folder();
    for (const buckets of [[2], [1, 3]]) {
      const store = openStore(directory);
      const family = store.family({ name: "h", help: "H.", type: "histogram", buckets });
      for (const slot of buckets.keys()) store.series(family, {}).add(buckets.length, slot);
      store.flush();
    }
    expect(await samples(directory)).toEqual({
      'h_bucket{le="1"}': 2,
      'h_bucket{le="2"}': 3,
      'h_bucket{le="3"}': 5,
      'h_bucket{le="+Inf"}': 5,
      h_sum: 0,
      h_count: 5,
    });
  });

  test("the same series in another order, of other letters than ASCII, and in another order of labels are the same", async () => {
    const directory = folder();
    const sets = Array.from({ length: 700 }, (_, i) => ({ b: i % 2 === 0 ? `ä${i}` : `${i}`, a: "x" }));
    for (const labels of [sets, sets.toReversed(), sets.map(({ b, a }) => ({ a, b }))]) {
      const store = openStore(directory);
      const family = store.family(COUNTER);
      for (const set of labels) store.series(family, set).add(1);
      store.flush();
    }
    const collector = new Collector(directory);
    for (let i = 0; i < 2; i++) {
      const shown = await samples(directory, collector);
      expect(Object.keys(shown)).toHaveLength(700);
      expect(new Set(Object.values(shown))).toEqual(new Set([3]));
    }
  });

  test("labels whose letters are the bytes of others are not taken for those", async () => {
    const directory = folder();
    const kinds = ["\u00c3\u00a4", "\u00e4"];
    // In whatever order files are read, one of these comes next to one of those.
    for (const kind of Array.from({ length: 6 }, () => kinds).flat()) {
      const store = openStore(directory);
      store.series(store.family(COUNTER), { kind }).add(1);
      store.flush();
    }
    expect(await samples(directory)).toEqual(
      Object.fromEntries(kinds.map((kind) => [`jobs_total{kind="${kind}"}`, 6])),
    );
  });

  test("do not fall by a rounding error when files fold, in whatever order", async () => {
    const directory = folder();
    const collector = new Collector(directory);
    const stores = Array.from({ length: 40 }, (_, i) => counted(directory, 0.1 * (i + 1) ** 3));
    const before = (await samples(directory, collector)).jobs_total;
    for (const at of [7, 3, 22, 39, 0, 11]) {
      stores[at]?.close();
      for (let i = 0; i < 2; i++) expect((await samples(directory, collector)).jobs_total).toBe(before);
    }
  });
});

describe("gauges", () => {
  /** Two processes that live, set to 4 and 2, the second one later, and one that is dead, set to 8 in between. */
  async function gauges(mode: Mode): Promise<Record<string, number>> {
    const directory = folder();
    const timed = mode.endsWith("mostrecent");
    for (const [value, time] of [
      [4, 1],
      [8, 2],
      [2, 3],
    ] as const) {
      const store = openStore(directory);
      const series = store.series(store.family({ name: "g", help: "G.", type: "gauge", mode }), {});
      series.set(value);
      if (timed) series.set(time, 1);
      store.flush();
      if (value === 8) store.close();
    }
    const first = await samples(directory);
    expect(await samples(directory)).toEqual(first);
    return first;
  }

  test.each<[Mode, number]>([
    ["sum", 6],
    ["livesum", 6],
    ["min", 2],
    ["livemin", 2],
    ["max", 4],
    ["livemax", 4],
    ["average", 3],
    ["mostrecent", 2],
    ["livemostrecent", 2],
  ])("%s: %d", async (mode, value) => {
    expect(await gauges(mode)).toEqual({ g: value });
  });

  test("first is that of one process that lives", async () => {
    expect([4, 2]).toContain((await gauges("first")).g);
  });

  test("all has the dead, liveall has not, and the processes are told apart", async () => {
    const directory = folder();
    const set = (store: Store, value: number) => {
      for (const mode of ["all", "liveall"] as const) {
        store.series(store.family({ name: mode, help: "G.", type: "gauge", mode }), { a: "b" }).set(value);
      }
      store.flush();
    };
    const { pid } = await result<{ pid: number }>(
      `import { Store } from ${JSON.stringify(STORE)};
       (${String(set)})(new Store(process.env.DIRECTORY, console.error), 8);
       console.log(JSON.stringify({ pid: process.pid }));`,
      [],
      { DIRECTORY: directory },
    );
    set(openStore(directory), 4);
    const own = `{a="b",pid="${process.pid}"}`;
    for (let i = 0; i < 2; i++) {
      expect(await samples(directory)).toEqual({
        [`all{a="b",pid="${pid}"}`]: 8,
        [`all${own}`]: 4,
        [`liveall${own}`]: 4,
      });
    }
  });

  test("a label pid of the app's own goes by another name where processes are told apart by theirs", async () => {
    const directory = folder();
    const store = openStore(directory);
    const family = store.family({ name: "g", help: "G.", type: "gauge", mode: "all" });
    store.series(family, { a: ',pid="x"', pid: "1" }).set(2);
    store.series(family, { pid: "1" }).set(3);
    store.close();
    const own = `pid="${process.pid}"`;
    for (let i = 0; i < 2; i++) {
      expect(await samples(directory)).toEqual({
        [`g{a=",pid=\\"x\\"",exported_pid="1",${own}}`]: 2,
        [`g{exported_pid="1",${own}}`]: 3,
      });
    }
  });

  test("only those with a series for every process are cut, to the newest thousand of the dead", async () => {
    const directory = folder();
    const store = openStore(directory);
    for (const mode of ["all", "mostrecent"] as const) {
      const family = store.family({ name: mode, help: "G.", type: "gauge", mode });
      for (let i = 0; i < 1500; i++) store.series(family, { i: i }).set(i);
    }
    store.close();
    await samples(directory);
    const names = Object.keys(await samples(directory));
    expect(names.filter((name) => name.startsWith("mostrecent"))).toHaveLength(1500);
    const all = names.filter((name) => name.startsWith("all"));
    expect(all).toHaveLength(1000);
    expect(all[0]).toContain('i="500"');
  });

  test("a dead process's most recent value counts until another is set", async () => {
    const directory = folder();
    const set = (value: number, time: number) => {
      const store = openStore(directory);
      const series = store.series(store.family({ name: "g", help: "G.", type: "gauge", mode: "mostrecent" }), {});
      series.set(value);
      series.set(time, 1);
      store.flush();
      return store;
    };
    set(1, 1);
    set(2, 2).close();
    expect(await samples(directory)).toEqual({ g: 2 });
    expect(await samples(directory)).toEqual({ g: 2 });
    set(3, 3);
    expect(await samples(directory)).toEqual({ g: 3 });
  });
});

test.each([true, false])(
  "versions of a program may differ in a metric: the youngest is shown, no count is lost (same reader: %s)",
  async (same) => {
    const directory = folder();
    const collector = new Collector(directory);
    const shown = async () => {
      const { families } = await (same ? collector : new Collector(directory)).collect(everything);
      return families.filter(({ name }) => name === "m").map(({ help, samples: [m] }) => [help, m?.value]);
    };
    const started = (meta: Parameters<Store["family"]>[0], value: number) => {
      const store = openStore(directory);
      store.series(store.family(meta), {}).set(value);
      store.flush();
      return store;
    };
    started({ name: "m", help: "One.", type: "counter" }, 5).close();
    for (let i = 0; i < 2; i++) expect(await shown()).toEqual([["One.", 5]]);
    for (const mode of ["sum", "max"] as const) {
      const store = started({ name: "m", help: mode, type: "gauge", mode }, 7);
      expect(await shown()).toEqual([[mode, 7]]);
      store.close();
      for (let i = 0; i < 2; i++) expect(await shown()).toEqual([["One.", 5]]);
    }
    started({ name: "m", help: "Two.", type: "counter" }, 1);
    expect(await shown()).toEqual([["Two.", 6]]);
  },
);

test("the text of a scrape has labels in brackets, the bounds of buckets first, and none where there are none", async () => {
  const directory = folder();
  const store = openStore(directory);
  const counter = store.family(COUNTER);
  const histogram = store.family({ name: "h", help: "H.", type: "histogram", buckets: [1] });
  for (const labels of [{}, { kind: "a", at: "b" }]) {
    store.series(counter, labels).add(1);
    store.series(histogram, labels).add(1);
  }
  store.flush();
  const { families } = await new Collector(directory).collect(everything);
  expect((await render(families)).body).toBe(
    [
      "# HELP jobs_total Jobs.",
      "# TYPE jobs_total counter",
      "jobs_total 1",
      'jobs_total{kind="a",at="b"} 1',
      "# HELP h H.",
      "# TYPE h histogram",
      'h_bucket{le="1"} 1',
      'h_bucket{le="+Inf"} 1',
      "h_sum 0",
      "h_count 1",
      'h_bucket{le="1",kind="a",at="b"} 1',
      'h_bucket{le="+Inf",kind="a",at="b"} 1',
      'h_sum{kind="a",at="b"} 0',
      'h_count{kind="a",at="b"} 1',
      "",
    ].join("\n"),
  );
});

test("the exemplars of a histogram are those of its buckets", async () => {
  const directory = folder();
  const store = openStore(directory);
  const series = store.series(store.family({ name: "h", help: "H.", type: "histogram", buckets: [1] }), {}, 2);
  for (const index of [0, 1]) {
    series.set(1, index);
    series.exemplify({ labels: `bucket="${index}"`, value: 1, timestamp: 1 }, index);
  }
  store.flush();
  const [family] = (await new Collector(directory).collect(everything)).families as [Family];
  const exemplars = Array.from(family.samples, ({ name, exemplar }) => [name, exemplar?.labels]);
  expect(exemplars).toEqual([
    ["h_bucket", 'bucket="0"'],
    ["h_bucket", 'bucket="1"'],
    ["h_sum", undefined],
    ["h_count", undefined],
  ]);
});

test("the newest exemplar is shown, also when its process is dead", async () => {
  const directory = folder();
  for (const timestamp of [1, 3, 2]) {
    const store = openStore(directory);
    const series = store.series(store.family(COUNTER), {}, 1);
    series.set(1);
    series.exemplify({ labels: `trace="${timestamp}"`, value: 1, timestamp }, 0);
    store.close();
  }
  const newest = { labels: 'trace="3"', value: 1, timestamp: 3 };
  for (let i = 0; i < 2; i++) {
    const [family] = (await new Collector(directory).collect(everything)).families as [Family];
    expect([...family.samples]).toEqual([{ name: "jobs_total", labels: "", value: 3, exemplar: newest }]);
  }
});

describe("folding", () => {
  test("that is killed before it has removed the files doubles nothing", async () => {
    const directory = folder();
    const { name, content } = deadFile(5);
    const path = join(directory, name);
    writeFileSync(path, content);
    expect(await samples(directory)).toEqual({ jobs_total: 5 });
    expect(existsSync(path)).toBe(false);
    // As if it had never got to the removal.
    writeFileSync(path, content);
    for (let i = 0; i < 2; i++) expect(await samples(directory)).toEqual({ jobs_total: 5 });
    expect(filesIn(directory)).toEqual(["retained.v1.flushguard"]);
  });

  test("by another process between the reading of the files and of the retained one is seen", async () => {
    const directory = folder();
    const other = new Collector(directory);
    const stores = Array.from({ length: 30 }, () => counted(directory, 1));
    const collector = new Collector(directory);
    const seen: unknown[] = [];
    for (const store of stores) {
      store.close();
      const [mine] = await Promise.all([collector.collect(everything), other.collect(everything)]);
      seen.push(valuesOf(mine.families).jobs_total);
    }
    expect(seen).toEqual(stores.map(() => 30));
  });

  test("writes nothing anew where there is nothing to add, and reads nothing anew that has not changed", async () => {
    const directory = folder();
    const retained = join(directory, "retained.v1.flushguard");
    counted(directory, 5).close();
    const collector = new Collector(directory);
    expect(await samples(directory, collector)).toEqual({ jobs_total: 5 });
    const { ino } = statSync(retained);
    writeFileSync(join(directory, "1-0-a.v1.flushguard"), "");
    utimesSync(retained, 1000, 1000);
    expect(await samples(directory, collector)).toEqual({ jobs_total: 5 });
    expect(filesIn(directory)).toEqual(["retained.v1.flushguard"]);
    expect(statSync(retained).ino).toBe(ino);
    // What nobody does: it is put in its place, and never written to.
    const content = readFileSync(retained);
    writeFileSync(retained, content.fill(1, 4096 + 30, 4096 + 40));
    utimesSync(retained, 1000, 1000);
    expect(await samples(directory, collector)).toEqual({ jobs_total: 5 });
    expect(await samples(directory)).toEqual({ [BAD]: 1 });
  });

  test("keeps nothing of what counts for as long as its process lives", async () => {
    const directory = folder();
    for (let i = 0; i < 3; i++) {
      const store = counted(directory, 1);
      store.series(store.family({ name: "size", help: "Size.", type: "gauge", mode: "sum" }), { i }).set(1);
      const last = store.series(store.family({ name: "last", help: "Last.", type: "gauge", mode: "mostrecent" }), {});
      for (const [slot, value] of [i, 1000 + i].entries()) last.set(value, slot);
      store.close();
    }
    expect(await samples(directory)).toEqual({ jobs_total: 3, last: 2 });
    expect(filesIn(directory)).toEqual(["retained.v1.flushguard"]);
    const retained = readFileSync(join(directory, "retained.v1.flushguard"), "latin1");
    expect(["jobs_total", "last", "size"].filter((name) => retained.includes(name))).toEqual(["jobs_total", "last"]);
  });

  test("leaves a directory alone that it may not write", async () => {
    const directory = folder();
    const { name, content } = deadFile(5);
    writeFileSync(join(directory, name), content);
    // Nothing can take the place of a folder.
    mkdirSync(join(directory, "retained.v1.flushguard"));
    expect((await samples(directory)).jobs_total).toBe(5);
  });
});

test("of what a reader has read, folded, moved aside or left alone no descriptor stays open", async () => {
  const directory = folder();
  counted(directory, 1);
  for (let i = 0; i < 3; i++) counted(directory, 1).close();
  const bad = deadFile(5);
  writeFileSync(join(directory, bad.name), bad.content.subarray(0, 20));
  writeFileSync(join(directory, "1-0-empty.v1.flushguard"), "");
  writeFileSync(join(directory, "1-0-newer.v1.flushguard"), newer(deadFile(5).content));
  mkdirSync(join(directory, "1-0-folder.v1.flushguard"));
  symlinkSync("/etc/hostname", join(directory, "1-0-link.v1.flushguard"));
  const before = openDescriptors();
  expect(await condemn(directory)).toEqual({ jobs_total: 4, [BAD]: 1 });
  expect(await samples(directory)).toEqual({ jobs_total: 4, [BAD]: 1 });
  expect(openDescriptors()).toBe(before);
});

test.each([
  ["max", { 'h_bucket{le="1"}': 1, 'h_bucket{le="2"}': 4, 'h_bucket{le="+Inf"}': 7, h_sum: 8, h_count: 7 }, 3],
  ["min", { 'h_bucket{le="1"}': 0, 'h_bucket{le="2"}': 3, 'h_bucket{le="+Inf"}': 6, h_sum: 5, h_count: 6 }, 2],
] as const)(
  "histograms and counters with the aggregator %s are those of processes that live",
  async (mode, expected, jobs) => {
    const directory = folder();
    for (const [values, sum, count] of [
      [[1, 2, 3], 8, 3],
      [[0, 4, 3], 5, 2],
      [[50, 0, 0], 50, 50],
    ] as const) {
      const store = openStore(directory);
      const series = store.series(
        store.family({ name: "h", help: "H.", type: "histogram", buckets: [1, 2], mode }),
        {},
      );
      for (const [slot, value] of [...values, sum].entries()) series.set(value, slot);
      store.series(store.family({ ...COUNTER, mode }), {}).set(count);
      store.flush();
      if (count === 50) store.close();
    }
    expect(await samples(directory)).toEqual({ ...expected, jobs_total: jobs });
  },
);

describe("a file that is no use", () => {
  const claiming = (file: Buffer, end: number) => {
    file.writeDoubleLE(end, 16);
    file.writeDoubleBE(end, 24);
    return file;
  };

  const changed = (file: Buffer, at: number) => {
    file[at] = (file[at] as number) ^ 1;
    return file;
  };

  test.each<[string, (file: Buffer, end: number) => Buffer]>([
    ["is cut short", (file, end) => file.subarray(0, end - 1)],
    ["is cut short in its first page", (file) => file.subarray(0, 20)],
    ["is foreign", () => Buffer.from("metrics of somebody else ".repeat(400))],
    ["has a damaged key", (file) => changed(file, 4096 + 40)],
    ["has a damaged value", (file, end) => changed(file, end - 3)],
    ["has a damaged end", (file) => changed(file, 17)],
    ["claims a gigabyte that is not there", (file) => claiming(file, 2 ** 30)],
  ])("because it %s is left out, counted once, and moved aside when it stays so", async (_, damage) => {
    const { name, content: good } = deadFile(5);
    const content = Buffer.from(damage(good, good.readDoubleLE(16)));
    const directory = folder();
    counted(directory, 1);
    const path = join(directory, name);
    writeFileSync(path, content);
    const collector = new Collector(directory);
    for (let i = 0; i < 3; i++) {
      expect(await samples(directory, collector)).toEqual({ jobs_total: 1, [BAD]: 1 });
      expect(existsSync(path)).toBe(true);
    }
    expect(await condemn(directory)).toEqual({ jobs_total: 1, [BAD]: 1 });
    expect(await samples(directory)).toEqual({ jobs_total: 1, [BAD]: 1 });
    expect(filesIn(directory)).toEqual([expect.stringMatching(/^\d/), "flushguard-bad", "retained.v1.flushguard"]);
    const [aside] = filesIn(join(directory, "flushguard-bad"));
    expect(readFileSync(join(directory, "flushguard-bad", String(aside)))).toEqual(content);
  });

  test("beside what is retained is moved aside too, where nothing is to be folded", async () => {
    const directory = folder();
    for (const value of [1, 2]) {
      counted(directory, value).close();
      await samples(directory);
      expect(filesIn(directory)).toEqual(["retained.v1.flushguard"]);
    }
    const { name, content } = deadFile(5);
    writeFileSync(join(directory, name), content.subarray(0, 20));
    expect(await condemn(directory)).toEqual({ jobs_total: 3, [BAD]: 1 });
    expect(filesIn(directory)).toEqual(["flushguard-bad", "retained.v1.flushguard"]);
    expect(await samples(directory)).toEqual({ jobs_total: 3, [BAD]: 1 });
  });

  test("because its end has moved back since it was read is left out, and counted", async () => {
    const { name, content } = deadFile(5);
    const directory = folder();
    writeFileSync(join(directory, name), content);
    // So that it stays there.
    mkdirSync(join(directory, "retained.v1.flushguard"));
    const collector = new Collector(directory);
    expect(await samples(directory, collector)).toEqual({ jobs_total: 5 });
    writeFileSync(join(directory, name), claiming(content, 4096));
    expect(await samples(directory, collector)).toEqual({ [BAD]: 1 });
  });

  test("costs no memory for what it claims, and no time", async () => {
    const directory = folder();
    const path = join(directory, "1-0-bad.v1.flushguard");
    writeFileSync(path, claiming(deadFile(5).content, 2 ** 30));
    truncateSync(path, 2 ** 30);
    const before = process.memoryUsage.rss();
    const begun = process.cpuUsage();
    expect(await samples(directory)).toEqual({ [BAD]: 1 });
    expect(process.memoryUsage.rss() - before).toBeLessThan(2 ** 26);
    expect(process.cpuUsage(begun).user).toBeLessThan(500_000);
  });

  test("may change meanwhile, and is then looked at anew", async () => {
    const directory = folder();
    const { name, content: good } = deadFile(5);
    const path = join(directory, name);
    writeFileSync(path, Buffer.from(good).fill(1, 4200, 4250));
    const collector = new Collector(directory);
    expect(await samples(directory, collector)).toEqual({ [BAD]: 1 });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    writeFileSync(path, good);
    expect(await samples(directory, collector)).toEqual({ jobs_total: 5 });
    expect(filesIn(directory)).toEqual(["retained.v1.flushguard"]);
  });

  test("because nothing ever came into it is removed", async () => {
    const directory = folder();
    writeFileSync(join(directory, "1-0-a.v1.flushguard"), "");
    expect(await samples(directory)).toEqual({});
    expect(filesIn(directory)).toEqual(["retained.v1.flushguard"]);
  });

  test("of a newer format, or in words of one, stays where it is", async () => {
    const directory = folder();
    counted(directory, 1).close();
    const names = ["1-0-a.v1.flushguard", "1-0-b.v2.flushguard", "retained.v2.flushguard", "what.flushguard"];
    for (const name of names) writeFileSync(join(directory, name), changed(changed(deadFile(5).content, 8), 9));
    const collector = new Collector(directory);
    for (let i = 0; i < 2; i++) {
      const { families, health } = await collector.collect(everything);
      expect(valuesOf(families)).toEqual({ jobs_total: 1 });
      expect(health).toMatchObject({ badFiles: 0, newerFiles: 4 });
      await new Promise((resolve) => setTimeout(resolve, 1100));
    }
    expect(filesIn(directory)).toEqual([...names, "retained.v1.flushguard"].sort());
  });

  test("because it is a link or a folder is left where it is, and files of other names are nobody's business", async () => {
    const directory = folder();
    counted(directory, 1);
    symlinkSync("/etc/passwd", join(directory, "1-0-a.v1.flushguard"));
    mkdirSync(join(directory, "2-0-a.v1.flushguard"));
    writeFileSync(join(directory, "notes.txt"), "mine");
    const before = filesIn(directory);
    expect(await condemn(directory)).toEqual({ jobs_total: 1 });
    expect(filesIn(directory)).toEqual(before);
    expect(readFileSync(join(directory, "notes.txt"), "utf8")).toBe("mine");
  });

  test.each<[string, (from: string, to: string) => void]>([
    ["a second name", linkSync],
    ["a copy", copyFileSync],
  ])(
    "because it is %s of one that counts is left where it is: that one counts once, while it is written and later",
    async (_, make) => {
      const directory = folder();
      const stores = [counted(directory, 1), counted(directory, 2)];
      counted(directory, 4).close();
      const others = filesIn(directory).map((name, i) => {
        make(join(directory, name), join(directory, `${i + 1}-0-a.v1.flushguard`));
        return `${i + 1}-0-a.v1.flushguard`;
      });
      const collector = new Collector(directory);
      expect(await samples(directory, collector)).toEqual({ jobs_total: 7 });
      stores[0]?.close();
      expect(await condemn(directory)).toEqual({ jobs_total: 7 });
      expect(await samples(directory, collector)).toEqual({ jobs_total: 7 });
      expect(filesIn(directory)).toEqual(expect.arrayContaining(others));
      expect(filesIn(directory)).not.toContain("flushguard-bad");
    },
  );

  test("does not fill the disk: the newest sixteen are kept, and what is not of this package", async () => {
    const directory = folder();
    mkdirSync(join(directory, "flushguard-bad"));
    mkdirSync(join(directory, "flushguard-bad", "0000000000000-theirs.v1.flushguard"));
    writeFileSync(join(directory, "flushguard-bad", "0-theirs"), "");
    for (let i = 0; i < 40; i++) writeFileSync(join(directory, `${i}-0-bad.v1.flushguard`), "bad");
    expect(await condemn(directory)).toEqual({ [BAD]: 40 });
    const kept = filesIn(join(directory, "flushguard-bad"));
    expect(kept.filter((name) => name.includes("-0-bad"))).toHaveLength(16);
    expect(kept).toHaveLength(18);
    expect(filesIn(directory)).toEqual(["flushguard-bad", "retained.v1.flushguard"]);
  });

  test.each(["a link", "one that others may write to"])(
    "stays where it is when the folder for it is %s",
    async (what) => {
      const directory = folder();
      const other = folder();
      const place = join(directory, "flushguard-bad");
      writeFileSync(join(other, "1234567890123-1-0-a.v1.flushguard"), "theirs");
      if (what === "a link") symlinkSync(other, place);
      else {
        mkdirSync(place);
        chmodSync(place, 0o777);
      }
      for (let i = 0; i < 20; i++) writeFileSync(join(directory, `${i}-0-bad.v1.flushguard`), "bad");
      expect(await condemn(directory)).toEqual({ [BAD]: 20 });
      expect(await condemn(directory)).toEqual({ [BAD]: 20 });
      expect(filesIn(directory).filter((name) => name.includes("-bad."))).toHaveLength(20);
      expect(filesIn(other)).toHaveLength(1);
    },
  );

  test("while its process lives is left out and left alone, and made whole by it within a second", async () => {
    const directory = folder();
    const store = counted(directory, 5);
    truncateSync(onlyFile(directory).path, 40);
    const { families, health } = await new Collector(directory).collect(everything);
    expect({ families, memory: health.memory, badFiles: health.badFiles }).toEqual({
      families: [],
      memory: 1,
      badFiles: 0,
    });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(await samples(directory)).toEqual({ jobs_total: 5 });
    store.close();
    expect(await samples(directory)).toEqual({ jobs_total: 5 });
  });

  test("may be the retained one: what lives is still counted", async () => {
    const directory = folder();
    counted(directory, 1);
    counted(directory, 2).close();
    await samples(directory);
    truncateSync(join(directory, "retained.v1.flushguard"), 50);
    for (let i = 0; i < 2; i++) expect(await condemn(directory)).toEqual({ jobs_total: 1, [BAD]: 1 });
    expect(filesIn(join(directory, "flushguard-bad"))).toHaveLength(1);
  });
});

test("a value that is being written is read again", async () => {
  const directory = folder();
  counted(directory, 5);
  const { path, content } = onlyFile(directory);
  const end = content.readDoubleLE(16);
  const torn = Buffer.from(content);
  torn.writeDoubleLE(6, end - 16);
  writeFileSync(path, torn);
  const reading = samples(directory);
  await new Promise((resolve) => setTimeout(resolve, 5));
  torn.writeDoubleBE(6, end - 8);
  writeFileSync(path, torn);
  expect(await reading).toEqual({ jobs_total: 6 });
});

test("a directory that is not there has no metrics", async () => {
  expect(await samples(join(folder(), "nowhere"))).toEqual({});
});
