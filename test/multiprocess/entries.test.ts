import { expect, test } from "vitest";
import { Collector } from "../../dist/src/multiprocess/merge/collector.js";
import { Families } from "../../dist/src/multiprocess/merge/families.js";
import { Shelf } from "../../dist/src/multiprocess/merge/shelf.js";
import { Turns } from "../../dist/src/multiprocess/slices.js";
import type { Store } from "../../dist/src/multiprocess/store/store.js";
import { folder, openStore, samples } from "./in-process.js";

const COUNTER = { name: "jobs_total", help: "Jobs.", type: "counter" } as const;

function count(store: Store, kinds: readonly number[]): void {
  const family = store.family(COUNTER);
  for (const kind of kinds) store.series(family, { kind }).set(1);
  store.flush();
}

const upTo = (end: number, from = 0) => Array.from({ length: end - from }, (_, i) => from + i);

const readAll = async (shelf: Shelf) => [...(await shelf.find(new Turns())).live.values()];

test("files of one program share what is read of their series", async () => {
  const directory = folder();
  for (let i = 0; i < 3; i++) count(openStore(directory), upTo(1000));
  const [first, ...others] = await readAll(new Shelf(directory, 1, new Families()));
  expect(others).toHaveLength(2);
  for (const other of others) expect(other.entries.target).toBe(first?.entries.target);
});

/** Series of each of three processes, in turn, before the first scrape and after it. */
const CASES: Readonly<Record<string, readonly (readonly number[])[][]>> = {
  "all the same": [upTo(3).map(() => upTo(200)), upTo(3).map(() => upTo(400, 200))],
  "one has fewer": [
    [upTo(200), upTo(150), upTo(200)],
    [[], upTo(300, 150), []],
  ],
  "one has more": [
    [upTo(150), upTo(200), upTo(150)],
    [upTo(300, 150), [], upTo(250, 150)],
  ],
  "another in the middle": [
    [upTo(200), [...upTo(100), 900, ...upTo(200, 100)], upTo(200)],
    [[901], [902], [903]],
  ],
  "none the same": [
    [upTo(100), upTo(200, 100), upTo(300, 200)],
    [upTo(200, 100), upTo(300, 200), upTo(100)],
  ],
  "from another place on, each in turn": [
    [upTo(70), upTo(70), upTo(70)],
    [upTo(90, 70), [...upTo(80, 70), ...upTo(500, 400)], upTo(75, 70)],
    [upTo(600, 500), upTo(600, 500), upTo(600, 500)],
  ],
  "one has none at first": [
    [[0], upTo(100), upTo(100)],
    [upTo(100, 1), [], [100]],
  ],
};

test.each(Object.entries(CASES))("what they share is right for each, %s", async (_, rounds) => {
  const directory = folder();
  const stores = upTo(3).map(() => openStore(directory));
  const collector = new Collector(directory);
  const expected: Record<string, number> = {};
  for (const round of rounds) {
    for (const [i, kinds] of round.entries()) {
      count(stores[i] as Store, kinds);
      for (const kind of kinds) {
        const series = `jobs_total{kind="${kind}"}`;
        expected[series] = (expected[series] ?? 0) + 1;
      }
    }
    for (let scrape = 0; scrape < 2; scrape++) expect(await samples(directory, collector)).toEqual(expected);
    expect(await samples(directory)).toEqual(expected);
  }
  for (const store of stores) store.close();
  for (let scrape = 0; scrape < 2; scrape++) expect(await samples(directory, collector)).toEqual(expected);
});
