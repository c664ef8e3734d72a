import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { log } from "../../dist/src/log.js";
import { Collector } from "../../dist/src/multiprocess/merge/collector.js";
import { KIND, SLOT, writeSlot } from "../../dist/src/multiprocess/store/format.js";
import { Records } from "../../dist/src/multiprocess/store/records.js";
import { folder, openStore, samples, valuesOf } from "./in-process.js";

const IDENTITY = { pid: 1, started: "1", threadId: 0, random: "aa", namespace: "", locked: true };
const COUNTER = { name: "jobs_total", help: "Jobs.", type: "counter" } as const;
const everything = () => true;

type Write = (records: Records) => void;

const family =
  (meta: object, slots = 1): Write =>
  (records) =>
    records.appendJson(KIND.family, meta, slots);

/** A counter, and a series of it with so many values and exemplars. */
const series =
  (slots: number, exemplars = 0, number = 0): Write =>
  (records) => {
    records.appendFamily(COUNTER);
    records.appendSeries(number, { text: "", order: undefined }, slots, exemplars);
  };

const key =
  (kind: number, bytes: Buffer, slots = 0): Write =>
  (records) => {
    records.appendFamily(COUNTER);
    records.append(kind, bytes, slots);
  };

async function judged(write: Write, identity: object | null = IDENTITY): Promise<unknown> {
  const directory = folder();
  const records = new Records();
  if (identity !== null) records.appendJson(KIND.identity, identity);
  write(records);
  records.commit();
  writeFileSync(join(directory, "1-0-aa.v1.flushguard"), records.memory.subarray(0, records.end));
  const { families, health } = await new Collector(directory).collect(everything);
  const { badFiles, newerFiles } = health;
  return { shown: valuesOf(families), badFiles, newerFiles };
}

test.each<[string, Write, object?]>([
  ["a series of a counter", series(1)],
  ["as many exemplars as values", series(1, 1)],
  ["a gauge of a known mode", family({ name: "a", help: "", type: "gauge", mode: "max" })],
  ["a metric of the app's own registry", family({ ...COUNTER, registry: "custom" })],
])("%s is read", async (_, write) => {
  expect(await judged(write)).toMatchObject({ badFiles: 0, newerFiles: 0 });
});

test.each<[string, Write, (object | null)?]>([
  ["a metric without a name", family({ help: "", type: "counter" })],
  ["a name that begins with a digit", family({ ...COUNTER, name: "1a" })],
  ["a name with what no name has", family({ ...COUNTER, name: "a-b" })],
  ["a metric without a help text", family({ name: "a", type: "counter" })],
  ["a metric without a type", family({ name: "a", help: "" })],
  ["a gauge without a mode", family({ name: "a", help: "", type: "gauge" })],
  ["a histogram without buckets", family({ name: "a", help: "", type: "histogram" })],
  ["buckets in no order", family({ name: "a", help: "", type: "histogram", buckets: [2, 1] })],
  ["a bucket twice", family({ name: "a", help: "", type: "histogram", buckets: [1, 1] })],
  ["a bucket that is no number", family({ name: "a", help: "", type: "histogram", buckets: [1, "2"] })],
  ["a metric without flags", family(COUNTER, 0)],
  ["a metric of two flags", family(COUNTER, 2)],
  ["what is no object", family(5 as never)],
  ["what is no JSON", key(KIND.family, Buffer.from("{"), 1)],
  ["a series of no metric", series(1, 0, 1)],
  ["a series without its value", series(0)],
  ["a series of too many values", series(2)],
  ["more exemplars than values", series(1, 2)],
  ["a series without labels", key(KIND.series, Buffer.alloc(7), 1)],
  ["an order of more labels than there are", key(KIND.series, Buffer.from([0, 0, 0, 0, 9, 0, 0, 0]), 1)],
  ["nobody to say whose it is", series(1), null],
  ["nothing at all", () => {}, null],
  ["an identity without a pid", series(1), { ...IDENTITY, pid: "1" }],
  ["an identity without a thread", series(1), { ...IDENTITY, threadId: undefined }],
  ["an identity without its lock", series(1), { ...IDENTITY, locked: 1 }],
  ["an identity without a start", series(1), { ...IDENTITY, started: 1 }],
  ["an identity without a name", series(1), { ...IDENTITY, random: null }],
])("%s is damage", async (_, write, identity) => {
  const judgement = await judged(write, identity);
  expect(judgement).toEqual({ shown: {}, badFiles: 1, newerFiles: 0 });
});

test.each<[string, Write]>([
  ["a type", family({ name: "a", help: "", type: "info" })],
  ["a mode of gauges", family({ name: "a", help: "", type: "gauge", mode: "median" })],
  ["a registry", family({ ...COUNTER, registry: "other" })],
  ["a kind of record", key(9, Buffer.from("what"))],
])("%s that is not known is of a newer release", async (_, write) => {
  expect(await judged(write)).toEqual({ shown: {}, badFiles: 0, newerFiles: 1 });
});

test("a retained file whose header is of a newer format is counted as such", async () => {
  const directory = folder();
  const records = new Records();
  records.memory.writeUInt32LE(2, 8);
  records.commit();
  writeFileSync(join(directory, "retained.v1.flushguard"), records.memory.subarray(0, records.end));
  const { health } = await new Collector(directory).collect(everything);
  expect(health).toMatchObject({ badFiles: 0, newerFiles: 1, memory: 0 });
});

const folded = { generation: 3, badFiles: 1, gone: [["1-0-a.v1.flushguard", 3]], aside: ["1-0-a.v1.flushguard"] };

test.each<[string, object | null, number]>([
  ["all that it has to say", folded, 0],
  ["no generation", { ...folded, generation: "3" }, 1],
  ["no number of files that were moved aside", { ...folded, badFiles: 0.5 }, 1],
  ["not what was folded", { ...folded, gone: undefined }, 1],
  ["not when what was folded was there", { ...folded, gone: [["1-0-a.v1.flushguard"]] }, 1],
  ["what was folded without its name", { ...folded, gone: [[1, 3]] }, 1],
  ["not what was moved aside", { ...folded, aside: 1 }, 1],
  ["whose it is", null, 1],
])("a retained file that says %s is read, or damaged", async (_, says, bad) => {
  const directory = folder();
  const records = new Records();
  if (says === null) records.appendJson(KIND.identity, IDENTITY);
  else records.appendJson(KIND.folded, says);
  records.appendFamily(COUNTER);
  const at = records.appendSeries(0, { text: "", order: undefined }, says === null ? 1 : 2, 0);
  for (let slot = 0; slot < (says === null ? 1 : 2); slot++)
    writeSlot(records.view, at + slot * SLOT, slot === 0 ? 7 : 0);
  records.commit();
  writeFileSync(join(directory, "retained.v1.flushguard"), records.memory.subarray(0, records.end));
  const { families, health } = await new Collector(directory).collect(everything);
  expect([valuesOf(families), health.badFiles]).toEqual(bad === 0 ? [{ jobs_total: 7 }, 1] : [{}, 1]);
});

test("what is missing is told once, and nothing where nothing is", async () => {
  const warn = vi.spyOn(log, "warn").mockImplementation(() => {});
  const directory = folder();
  const collector = new Collector(directory);
  await collector.collect(everything);
  expect(warn).not.toHaveBeenCalled();
  writeFileSync(join(directory, "1-0-a.v2.flushguard"), "newer");
  for (let i = 0; i < 3; i++) await collector.collect(everything);
  expect(warn.mock.calls).toEqual([[expect.stringContaining("this release does not understand 1 of the files")]]);
  warn.mockRestore();
});

test("files of many parts of what is in memory at a time add up, read for the first time and again", async () => {
  const directory = folder();
  const [COUNT, SLOTS] = [3000, 4];
  const stores = Array.from({ length: 2 }, () => openStore(directory));
  const meta = { name: "seconds", help: "Seconds.", type: "histogram", buckets: [1, 2] } as const;
  const all = stores.map((store) => {
    const stored = store.family(meta);
    return Array.from({ length: COUNT }, (_, i) => store.series(stored, { kind: `${"k".repeat(i % 50)}${i}` }));
  });
  const collector = new Collector(directory);
  for (const round of [1, 2, 3]) {
    for (const part of all)
      for (const [i, one] of part.entries()) for (let slot = 0; slot < SLOTS; slot++) one.add(round * (i + slot), slot);
    for (const store of stores) store.flush();
    const times = 2 * ((round * (round + 1)) / 2);
    const expected = Object.fromEntries(
      Array.from({ length: COUNT }, (_, i) => {
        const labels = `kind="${"k".repeat(i % 50)}${i}"`;
        return [
          [`seconds_bucket{le="1",${labels}}`, times * i],
          [`seconds_bucket{le="2",${labels}}`, times * (2 * i + 1)],
          [`seconds_bucket{le="+Inf",${labels}}`, times * (3 * i + 3)],
          [`seconds_sum{${labels}}`, times * (i + 3)],
          [`seconds_count{${labels}}`, times * (3 * i + 3)],
        ];
      }).flat(),
    );
    for (const reader of [collector, new Collector(directory)])
      expect(await samples(directory, reader)).toEqual(expected);
  }
});

test("one value of a series that was taken out brings all of it back, from nothing", async () => {
  const directory = folder();
  const store = openStore(directory);
  const size = store.series(store.family({ name: "size", help: "Sizes.", type: "summary" }), {});
  size.set(10, 0);
  size.set(2, 1);
  store.flush();
  size.clear();
  store.flush();
  expect(await samples(directory)).toEqual({});
  size.set(4, 1);
  store.flush();
  expect(await samples(directory)).toEqual({ size_sum: 0, size_count: 4 });
});
