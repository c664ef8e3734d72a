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

const REQUIRED = fileURLToPath(new URL("../../../dist/register.cjs", import.meta.url));

/** @param {boolean} guarded @param {{ where?: string, preload?: boolean, by?: string[] }} [how] `by`: in place of its `--import` */
function start(guarded, { where = directory, preload = guarded, by } = {}) {
  const { flags, env } = launch({ guarded, directory: where, preload });
  return JSON.parse(
    execFileSync(process.execPath, [...(by ?? flags), "app.cjs"], { cwd: home, env, encoding: "utf8" }),
  );
}

const median = (/** @type {number[]} */ values) => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;

/** @type {[string, () => { microseconds: number, bytes: number }][]} */
const WAYS = [
  ["plain", () => start(false)],
  ["plain, once more", () => start(false)],
  ["an empty --import", () => start(false, { by: ["--import", "data:text/javascript,"] })],
  ["the preload, without a directory", () => start(false, { preload: true })],
  ["guarded, nothing retained", () => start(true, { where: temporaryFolder() })],
  ["guarded", () => start(true)],
  ["guarded by -r, nothing retained", () => start(true, { where: temporaryFolder(), by: ["-r", REQUIRED] })],
];
const measured = WAYS.map(([name]) => ({ name, microseconds: [], bytes: [] }));
for (let round = 0; round < rounds; round++) {
  for (const [index, [, run]] of WAYS.entries()) {
    const { microseconds, bytes } = run();
    measured[index].microseconds.push(microseconds);
    measured[index].bytes.push(bytes);
  }
}
const base = median(measured[0].microseconds);
print(
  `A process that records one increment, median of ${rounds}; ${(Math.max(...retained) / 1e6).toFixed(1)} MB are retained`,
  ["", "CPU ms", "÷ plain", "bytes written"],
  measured.map(({ name, microseconds, bytes }) => [
    name,
    (median(microseconds) / 1000).toFixed(1),
    (median(microseconds) / base).toFixed(2),
    name.startsWith("guarded") ? String(median(bytes)) : "",
  ]),
);
