import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { filesIn, folder, valuesOf } from "./in-process.js";
import { type Build, release } from "./lib/builds.mjs";

const JOBS = { name: "jobs_total", help: "Jobs.", type: "counter" } as const;

/** A process of some release. */
function start({ Store }: Build, directory: string, value: number) {
  const store = new Store(directory, (error) => {
    throw error;
  });
  store.series(store.family(JOBS), {}).add(value);
  store.flush();
  onTestFinished(() => store.close());
  return store;
}

/** What a release sees: twice by one reader, once by another. */
async function seenBy({ Collector }: Build, directory: string): Promise<object> {
  const reader = new Collector(directory);
  const once = async (collector: typeof reader) => {
    const { families, health } = await collector.collect(() => true);
    return { jobs: valuesOf(families).jobs_total, bad: health.badFiles, newer: health.newerFiles };
  };
  const first = await once(reader);
  expect(await once(reader)).toEqual(first);
  expect(await once(new Collector(directory))).toEqual(first);
  return first;
}

/** A release that writes the first format; one that reads the second as well; one that writes it. */
const [old, bridge, next] = await Promise.all([release(1, [1]), release(1, [1, 2]), release(2, [1, 2])]);

test("releases that write two formats keep their totals beside each other: upgrade, rollback, both at once", async () => {
  const directory = folder();
  const olds = [start(old, directory, 300), start(old, directory, 500)];
  expect(await seenBy(old, directory)).toEqual({ jobs: 800, bad: 0, newer: 0 });

  const nexts = [start(next, directory, 30), start(next, directory, 50)];
  expect(await seenBy(next, directory)).toEqual({ jobs: 880, bad: 0, newer: 0 });
  expect(await seenBy(old, directory)).toEqual({ jobs: 800, bad: 0, newer: 2 });

  // Those that can read what they cannot write leave it where it is.
  olds[0]?.close();
  expect(await seenBy(next, directory)).toEqual({ jobs: 880, bad: 0, newer: 0 });
  expect(await seenBy(old, directory)).toEqual({ jobs: 800, bad: 0, newer: 2 });
  expect(filesIn(directory)).toContain("retained.v1.flushguard");

  olds[1]?.close();
  nexts[0]?.close();
  expect(await seenBy(bridge, directory)).toEqual({ jobs: 880, bad: 0, newer: 0 });
  expect(await seenBy(next, directory)).toEqual({ jobs: 880, bad: 0, newer: 0 });
  nexts[1]?.close();
  expect(await seenBy(next, directory)).toEqual({ jobs: 880, bad: 0, newer: 0 });

  const rolledBack = start(bridge, directory, 7);
  expect(await seenBy(bridge, directory)).toEqual({ jobs: 887, bad: 0, newer: 0 });
  const beside = start(old, directory, 2);
  expect(await seenBy(old, directory)).toEqual({ jobs: 809, bad: 0, newer: 1 });
  expect(await seenBy(bridge, directory)).toEqual({ jobs: 889, bad: 0, newer: 0 });

  const again = start(next, directory, 1);
  for (const store of [rolledBack, beside, again]) store.close();
  for (const build of [next, bridge, next]) {
    expect(await seenBy(build, directory)).toEqual({ jobs: 890, bad: 0, newer: 0 });
  }
  expect(await seenBy(old, directory)).toEqual({ jobs: 809, bad: 0, newer: 1 });
  expect(filesIn(directory)).toEqual(["retained.v1.flushguard", "retained.v2.flushguard"]);
});

test("what looks damaged of a newer format is for that format to judge", async () => {
  const directory = folder();
  const store = start(next, directory, 3);
  const reader = new old.Collector(directory);
  for (let i = 0; i < 2; i++) {
    const { health } = await reader.collect(() => true);
    expect(health).toMatchObject({ badFiles: 0, newerFiles: 1 });
    await sleep(1100);
  }
  store.close();
  expect(await seenBy(next, directory)).toEqual({ jobs: 3, bad: 0, newer: 0 });
});
