import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { randomFrom } from "../../../dist/src/multiprocess/reproduce/random.js";
import { processName } from "../../../dist/src/multiprocess/store/file-name.js";
import { HEAD, HEADER, INODE_AT, KIND, recordBytes, writeRecord } from "../../../dist/src/multiprocess/store/format.js";
import { holdClock } from "./clock.mjs";
import { damaged } from "./damage.mjs";
import { collect, filesIn, samplesIn } from "./read.mjs";
import { temporaryFolder } from "./run.mjs";

const storing = new URL("../../../dist/src/multiprocess/store/store.js", import.meta.url).href;
/** @type {typeof import("../../../src/multiprocess/store/store.js")} */
export const { Store } = await import(storing);

/** @param {string} directory */
export function openStore(directory) {
  return new Store(directory, (error) => {
    throw error;
  });
}

/**
 * A file as a process would leave it.
 * @param {number} kinds
 */
function wholeFile(kinds) {
  const directory = temporaryFolder();
  const store = openStore(directory);
  const counter = store.family({ name: "jobs_total", help: "Jobs.", type: "counter" });
  const histogram = store.family({ name: "seconds", help: "Seconds.", type: "histogram", buckets: [1, 2, kinds + 3] });
  const gauge = store.family({ name: "workers", help: "Workers.", type: "gauge", mode: "all" });
  for (let i = 0; i < kinds; i++) store.series(counter, { kind: i }, 1).add(i + 1);
  const observed = store.series(histogram, {}, 4);
  observed.set(5, 1);
  observed.exemplify({ labels: 'trace="abc"', value: 1.5, timestamp: 1 }, 1);
  store.series(gauge, {}).set(7);
  store.flush();
  const [name] = filesIn(directory);
  const file = readFileSync(join(directory, String(name)));
  store.close();
  // It is none of a copy.
  file.fill(0, INODE_AT, HEAD);
  return file.subarray(0, file.readDoubleLE(16));
}

/**
 * The same, as another process would leave it.
 * @param {Buffer} file
 * @param {number} number
 */
function ofAnother(file, number) {
  const other = Buffer.from(file);
  const from = HEADER + recordBytes(0, 0, 0);
  const key = other.subarray(from, from + other.readUInt32LE(HEADER));
  const identity = { ...JSON.parse(key.toString()), random: String(number).padStart(12, "0") };
  writeRecord(other, HEADER, KIND.identity, Buffer.from(JSON.stringify(identity)), 0, 0);
  return { name: processName(identity), file: other };
}

const GOOD = 42;
/** Damaged files between two scrapes. */
const AT_ONCE = 10;

/**
 * Scrapes a directory with a good file, among ever new damaged ones.
 * @param {number} files how many damaged ones
 * @param {number} seed
 */
export async function runFuzz(files, seed) {
  const random = randomFrom(seed);
  const originals = [1, 4, 7, 30].map(wholeFile);
  const directory = temporaryFolder();
  const retained = join(directory, "retained.v1.flushguard");
  const store = openStore(directory);
  store.series(store.family({ name: "good_total", help: "Good.", type: "counter" }), {}).set(GOOD);
  store.flush();
  const seen = { files, scrapes: 0, failed: 0, uncounted: 0, skipped: 0, newer: 0, left: 0 };
  let last = 0;
  const clock = holdClock();
  for (let i = 0; i < files; i++) {
    if (i % 100 === 0 && existsSync(retained)) writeFileSync(retained, damaged([readFileSync(retained)], random));
    else {
      const others = originals.map((file) => ofAnother(file, i));
      writeFileSync(
        join(directory, String(others[0]?.name)),
        damaged(
          others.map(({ file }) => file),
          random,
        ),
      );
    }
    if (i % AT_ONCE < AT_ONCE - 1) continue;
    seen.scrapes++;
    try {
      const samples = await samplesIn(directory);
      if (samples.get("good_total") !== GOOD) seen.uncounted++;
      const skipped = samples.get("flushguard_multiprocess_bad_files_total") ?? 0;
      // It begins anew when the retained file, which has it, was damaged.
      seen.skipped += skipped < last ? skipped : skipped - last;
      last = skipped;
    } catch {
      seen.failed++;
    }
    clock.pass(1100);
  }
  await samplesIn(directory);
  clock.pass(1100);
  const { health } = await collect(directory);
  seen.newer = health.newerFiles;
  seen.left = filesIn(directory).length - seen.newer;
  clock.end();
  store.close();
  return seen;
}
