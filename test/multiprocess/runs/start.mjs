/**
 * What a process costs that records one increment, in a directory with much of dead processes in it: CPU ÷ the same without
 * flushguard, and bytes written. Median of interleaved rounds, of an app in whose folder prom-client is alone.
 *
 *     node test/multiprocess/runs/start.mjs [rounds]
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { print } from "../../bench/lib/print.mjs";
import { openStore } from "../lib/fuzz.mjs";
import { samplesIn } from "../lib/read.mjs";
import { launch, temporaryFolder } from "../lib/run.mjs";

const rounds = Number(process.argv[2] ?? 15);
/** The clients that are installed here would have hooks of their own. */
const home = temporaryFolder();
mkdirSync(join(home, "node_modules"));
symlinkSync(
  fileURLToPath(new URL("../../../node_modules/prom-client", import.meta.url)),
  join(home, "node_modules/prom-client"),
);
copyFileSync(fileURLToPath(new URL("../lib/start-app.cjs", import.meta.url)), join(home, "app.cjs"));
const RETAINED_SERIES = 95_000;

const directory = temporaryFolder();
const store = openStore(directory);
const family = store.family({ name: "before_total", help: "Of dead processes.", type: "counter" });
for (let i = 0; i < RETAINED_SERIES; i++) store.series(family, { kind: `kind-${i}` }).add(1);
store.close();
await samplesIn(directory);
const retained = readdirSync(directory).map((name) => statSync(join(directory, name)).size);

/** @param {boolean} guarded @param {string} [where] @param {boolean} [preload] */
function start(guarded, where = directory, preload = guarded) {
  const { flags, env } = launch({ guarded, directory: where, preload });
  return JSON.parse(execFileSync(process.execPath, [...flags, "app.cjs"], { cwd: home, env, encoding: "utf8" }));
}

const median = (/** @type {number[]} */ values) => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;

const [plain, again, alone, empty, full, bytes] = [[], [], [], [], [], []].map(() => /** @type {number[]} */ ([]));
for (let round = 0; round < rounds; round++) {
  plain?.push(start(false).microseconds);
  again?.push(start(false).microseconds);
  alone?.push(start(false, directory, true).microseconds);
  empty?.push(start(true, temporaryFolder()).microseconds);
  const guarded = start(true);
  full?.push(guarded.microseconds);
  bytes?.push(guarded.bytes);
}
const base = median(plain ?? []);
const row = (/** @type {string} */ name, /** @type {number[]} */ values = [], written = "") => [
  name,
  (median(values) / 1000).toFixed(0),
  (median(values) / base).toFixed(2),
  written,
];
print(
  `A process that records one increment, median of ${rounds}; ${(Math.max(...retained) / 1e6).toFixed(1)} MB are retained`,
  ["", "CPU ms", "÷ plain", "bytes written"],
  [
    row("plain", plain),
    row("plain, once more", again),
    row("the preload, without a directory", alone),
    row("guarded, nothing retained", empty),
    row("guarded", full, String(median(bytes ?? []))),
  ],
);
