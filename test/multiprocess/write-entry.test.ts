import { expect, test } from "vitest";
import { entryWriter } from "../../dist/src/multiprocess/prom-client/write-entry.js";
import { randomFrom } from "../../dist/src/multiprocess/reproduce/random.js";
import { folder, openStore } from "./in-process.js";

test("a histogram is what the client has, whatever came since the last time, and whatever was left out", () => {
  const random = randomFrom(1);
  const below = (most: number) => Math.floor(random() * most);
  const buckets = [0.005, 0.5, 1, 2.5, 10];
  const store = openStore(folder());
  const meta = { name: "seconds", help: "Seconds.", type: "histogram", buckets } as const;
  const write = entryWriter(meta);
  const series = store.series(store.family(meta), {});
  const nothing = () => ({
    labels: {},
    sum: 0,
    count: 0,
    bucketValues: Object.fromEntries(buckets.map((bound) => [bound, 0])) as Record<number, number>,
  });
  let [entry, above, watched] = [nothing(), 0, { counted: 0 }];
  for (let round = 0; round < 2000; round++) {
    const what = below(20);
    if (what === 0) {
      // Its place in the store is looked up anew: the client has another entry, or the same.
      watched = { counted: 0 };
      if (below(2) === 0) [entry, above] = [nothing(), 0];
    } else if (what === 1) {
      series.clear();
    }
    for (let i = below(4); i > 0; i--) {
      const bound = buckets[below(buckets.length + 1)];
      if (bound === undefined) above++;
      else entry.bucketValues[bound] = (entry.bucketValues[bound] ?? 0) + 1;
      entry.count++;
      entry.sum += below(100);
    }
    write(series, entry, watched);
    const written = Array.from({ length: buckets.length + 2 }, (_, slot) => series.get(slot));
    expect(written).toEqual([...buckets.map((bound) => entry.bucketValues[bound]), above, entry.sum]);
    expect(series.isCleared).toBe(false);
  }
});
