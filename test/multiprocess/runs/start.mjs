/**
 * What a process costs that records one increment, in a directory with much of dead processes in it: CPU ÷ the same without
 * flushguard, and bytes written. Median of interleaved rounds.
 *
 *     node test/multiprocess/runs/start.mjs [rounds]
 */
import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { print } from "../../bench/lib/print.mjs";
import { openStore } from "../lib/fuzz.mjs";
import { samplesIn } from "../lib/read.mjs";
import { launch, temporaryFolder } from "../lib/run.mjs";

const rounds = Number(process.argv[2] ?? 15);
const APP = fileURLToPath(new URL("../lib/start-app.cjs", import.meta.url));
const RETAINED_SERIES = 95_000;

const directory = temporaryFolder();
const store = openStore(directory);
const family = store.family({ name: "before_total", help: "Of dead processes.", type: "counter" });
for (let i = 0; i < RETAINED_SERIES; i++) store.series(family, { kind: `kind-${i}` }).add(1);
store.close();
await samplesIn(directory);
const retained = readdirSync(directory).map((name) => statSync(join(directory, name)).size);

/** @param {boolean} guarded @param {string} [where] */
function start(guarded, where = directory) {
  const { flags, env } = launch({ guarded, directory: where });
  return JSON.parse(execFileSync(process.execPath, [...flags, APP], { env, encoding: "utf8" }));
}

const median = (/** @type {number[]} */ values) => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;

const [plain, empty, full, bytes] = [[], [], [], []].map(() => /** @type {number[]} */ ([]));
for (let round = 0; round < rounds; round++) {
  plain?.push(start(false).microseconds);
  empty?.push(start(true, temporaryFolder()).microseconds);
  const guarded = start(true);
  full?.push(guarded.microseconds);
  bytes?.push(guarded.bytes);
}
const base = median(plain ?? []);
print(
  `A process that records one increment, median of ${rounds}; ${(Math.max(...retained) / 1e6).toFixed(1)} MB are retained`,
  ["", "CPU ms", "÷ plain", "bytes written"],
  [
    ["plain", (base / 1000).toFixed(0), "1.00", ""],
    ["guarded, nothing retained", (median(empty ?? []) / 1000).toFixed(0), (median(empty ?? []) / base).toFixed(2), ""],
    [
      "guarded",
      (median(full ?? []) / 1000).toFixed(0),
      (median(full ?? []) / base).toFixed(2),
      String(median(bytes ?? [])),
    ],
  ],
);
