import { execFile } from "node:child_process";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { Collector } from "../../dist/src/multiprocess/merge/collector.js";
import { filesIn, folder, openStore, samples } from "./in-process.js";
import { interceptCalls } from "./lib/calls.mjs";
import { launch } from "./lib/run.mjs";
import { NO_LOCKS, stay } from "./without-locks-cases.js";

const COUNTER = { name: "jobs_total", help: "Jobs.", type: "counter" } as const;

/** What the system refuses, by a call's name and the last part of its path. */
const REFUSED: Readonly<Record<string, (name: string, file: string) => boolean>> = {
  "all that needs a descriptor": (name) => name === "openSync" || name === "readdirSync",
  "the list of the files": (name) => name === "readdirSync",
  "what is retained": (name, file) => name === "openSync" && file === "retained.v1.flushguard",
  "all that is read": (name) => name === "readSync",
};

const CASES = ["EMFILE", "ENFILE", "ENOMEM", "EIO"].flatMap((code) =>
  Object.keys(REFUSED).map((what) => [code, what] as const),
);

test.each(CASES)("no counter falls while the system refuses a scrape, with %s, %s", async (code, what) => {
  const directory = folder();
  const [living, dying] = [openStore(directory), openStore(directory)];
  const [one, other] = [living, dying].map((store) => store.series(store.family(COUNTER), {}));
  one?.add(5);
  other?.add(7);
  for (const store of [living, dying]) store.flush();
  const collector = new Collector(directory);
  expect(await samples(directory, collector)).toEqual({ jobs_total: 12 });
  dying.close();
  new Collector(directory).tidy(true);
  expect(filesIn(directory)).toHaveLength(2);
  one?.add(1);
  living.flush();

  const refused = REFUSED[what] as (name: string, file: string) => boolean;
  const release = interceptCalls((name, args, call) => {
    if (refused(name, basename(String(args[0])))) throw Object.assign(new Error(`${code}: refused`), { code });
    return call(...args);
  });
  onTestFinished(release);
  for (let scrape = 0; scrape < 2; scrape++) {
    const { jobs_total } = await samples(directory, collector);
    expect(jobs_total).toBeGreaterThanOrEqual(12);
    expect(jobs_total).toBeLessThanOrEqual(13);
  }
  release();
  expect(await samples(directory, collector)).toEqual({ jobs_total: 13 });
});

test.each(["EMFILE", "ENFILE", "ENOMEM"])("a first scrape is all or nothing, with %s", async (code) => {
  const directory = folder();
  const stores = [openStore(directory), openStore(directory)];
  for (const [i, store] of stores.entries()) {
    store.series(store.family(COUNTER), {}).add(5 + i);
    store.flush();
  }
  const collector = new Collector(directory);
  for (const refused of filesIn(directory)) {
    const release = interceptCalls((name, args, call) => {
      if (name === "openSync" && basename(String(args[0])) === refused)
        throw Object.assign(new Error(`${code}: refused`), { code });
      return call(...args);
    });
    onTestFinished(release);
    await expect(samples(directory, collector)).rejects.toThrow(code);
    release();
  }
  expect(await samples(directory, collector)).toEqual({ jobs_total: 11 });
});

test.each(["EIO", "EACCES", "EMFILE"])(
  "what it keeps it forgets only for as much that it can read, with %s",
  async (code) => {
    const directory = folder();
    const [kept, changing] = [openStore(directory), openStore(directory)];
    const series = kept.series(kept.family(COUNTER), {});
    series.add(5);
    kept.flush();
    const [refused] = filesIn(directory);
    const family = changing.family({ ...COUNTER, name: "changing_total" });
    const sets = Array.from({ length: 1200 }, (_, set) => changing.series(family, { set }));
    for (const set of sets) set.add(1);
    changing.flush();
    const collector = new Collector(directory);
    const jobs = async () => (await samples(directory, collector)).jobs_total;
    expect(await jobs()).toBe(5);
    for (const set of sets) set.clear();
    changing.flush();
    expect(await jobs()).toBe(5);
    const release = interceptCalls((name, args, call) => {
      if (name === "openSync" && basename(String(args[0])) === refused)
        throw Object.assign(new Error(`${code}: refused`), { code });
      return call(...args);
    });
    onTestFinished(release);
    for (let scrape = 0; scrape < 2; scrape++) expect(await jobs()).toBe(5);
    release();
    series.add(7);
    kept.flush();
    expect(await jobs()).toBe(12);
  },
);

test("what a reader may not read any more it does not show as it was", async () => {
  const directory = folder();
  const store = openStore(directory);
  store.series(store.family(COUNTER), {}).add(5);
  store.flush();
  const collector = new Collector(directory);
  expect(await samples(directory, collector)).toEqual({ jobs_total: 5 });
  const release = interceptCalls((name, args, call) => {
    if (name === "readdirSync") throw Object.assign(new Error("EACCES: refused"), { code: "EACCES" });
    return call(...args);
  });
  onTestFinished(release);
  await expect(samples(directory, collector)).rejects.toThrow("EACCES");
});

/** Runs a program of `lib` that may have no more descriptors than that, and prints JSON. */
async function limited<Result>(
  app: string,
  options: object,
  { flags, env }: ReturnType<typeof launch>,
): Promise<Result> {
  const file = fileURLToPath(new URL(`lib/${app}.mjs`, import.meta.url));
  const args = ["-c", 'ulimit -n 256 && exec "$@"', "sh", process.execPath, ...flags, file, JSON.stringify(options)];
  const { stdout } = await promisify(execFile)("sh", args, { env });
  return JSON.parse(stdout);
}

const scrapes = (directory: string, scraped: boolean) =>
  limited<number[]>(
    "shortage-app",
    { scraped },
    launch({ guarded: true, directory, env: { FLUSHGUARD_LOG: "silent" } }),
  );

test("a process that has no descriptors left, and has shown all totals, shows them meanwhile, and afterwards all", async () => {
  const directory = join(folder(), "metrics");
  await scrapes(directory, false);
  expect(await scrapes(directory, true)).toEqual([6, 6, 7]);
});

test("one that has none when it is asked first shows its own, and afterwards all", async () => {
  const directory = join(folder(), "metrics");
  expect(await scrapes(directory, false)).toEqual([3, 3]);
  expect(await scrapes(directory, false)).toEqual([3, 6]);
});

test.each([
  ["with locks", {}],
  ["without locks", NO_LOCKS],
])("a process that lives is taken for dead with no number of descriptors, %s", async (_, env) => {
  const directory = folder();
  await stay(directory, process.execPath, env);
  const seen = await limited<unknown[]>("few-descriptors-app", { directory }, launch({ guarded: false, env }));
  expect(seen.map((processes) => (processes === "EMFILE" ? 1 : processes))).toEqual(Array(12).fill(1));
  expect(seen.at(-1)).toBe(1);
});
