import { utimesSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { NODES } from "../nodes/nodes.js";
import { folder, samples } from "./in-process.js";
import { filesIn } from "./lib/read.mjs";
import { count, describeNodes, lockFile, read, seen, stay } from "./without-locks-cases.js";

/** The oldest, which has no SQLite, and the newest: `every-node` has all. */
const QUICK = [NODES.at(0), NODES.at(-1)].flatMap((node) => node ?? []);
describeNodes(QUICK, QUICK);

test("a lock that does not say whose it is counts for a minute", async () => {
  const directory = folder();
  await count(directory);
  writeFileSync(lockFile(directory), "");
  expect(await read(directory)).toEqual(seen(1));
  expect(filesIn(directory)).toHaveLength(2);
  const before = new Date(Date.now() - 61_000);
  utimesSync(lockFile(directory), before, before);
  expect(await read(directory)).toEqual(seen(1));
  expect(filesIn(directory)).toEqual(["retained.v1.flushguard"]);
});

test("processes of several Nodes fold one directory", async () => {
  const directory = folder();
  for (let i = 0; i < 2; i++) await Promise.all(NODES.map(({ binary }) => count(directory, binary)));
  for (const { binary } of NODES) expect(await read(directory, binary)).toEqual(seen(2 * NODES.length));
  expect(filesIn(directory)).toEqual(["retained.v1.flushguard"]);
});

test("a reader with locks takes no writer without for dead, nor the other way round", async () => {
  const directory = folder();
  await stay(directory);
  await count(directory, process.execPath, {});
  for (let i = 0; i < 2; i++) {
    expect(await samples(directory)).toEqual({ c_total: 11 });
    expect(await read(directory)).toEqual(seen(11));
  }
  expect(filesIn(directory)).toHaveLength(2);
});
