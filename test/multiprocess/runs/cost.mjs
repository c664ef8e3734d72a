/**
 * What a call that records costs, guarded ÷ plain; what a merged scrape costs ÷ the client's own `clusterMetrics()`.
 *
 *     node test/multiprocess/runs/cost.mjs [package]
 */
import { duel } from "../../bench/lib/duel.mjs";
import { print, range } from "../../bench/lib/print.mjs";
import { temporaryFolder } from "../lib/run.mjs";

const [client = "prom-client"] = process.argv.slice(2);
const rounds = 5;

/**
 * @param {string} workload
 * @param {unknown} args
 * @param {object} [options]
 */
async function compare(workload, args, options) {
  const env = { FLUSHGUARD_MULTIPROCESS_DIR: temporaryFolder() };
  const [plain, guarded] = await duel(workload, [{ args }, { args, guarded: true, env }], options);
  const medians = [plain?.median, guarded?.median].map((value) => (value ?? 0).toFixed(value && value < 100 ? 1 : 0));
  return [...medians, (guarded?.ratio ?? 0).toFixed(2), range(guarded?.ratios ?? [0, 0], 2)];
}

const HEAD = ["", "plain", "guarded", "ratio", "of the rounds"];

/** @type {readonly [name: string, type: string, sets: number][]} */
const METRICS = [
  ["counter without labels", "Counter", 0],
  ["counter, one label set", "Counter", 1],
  ["counter, 2,000 label sets in turn", "Counter", 2000],
  ["gauge, one label set", "Gauge", 1],
  ["histogram of 12 buckets, one label set", "Histogram", 1],
  ["histogram of 12 buckets, 2,000 label sets in turn", "Histogram", 2000],
  ["summary, one label set", "Summary", 1],
];
const rows = [];
for (const [name, type, sets] of METRICS) {
  for (const each of [1, 10]) {
    const args = { client, type, sets, ticks: 4000, each };
    rows.push([`${name}, ${each} a tick`, ...(await compare("prom-record", args, { rounds, batches: 15 }))]);
  }
}
print(`${client}, CPU nanoseconds a call`, HEAD, rows);

const http = await compare("prom-http", { client, requests: 2000 }, { rounds, batches: 15, warmUpMs: 500 });
print(`${client}, CPU microseconds of a server a request`, HEAD, [
  ["a counter, a histogram of 12 buckets, a gauge", ...http],
]);

const removals = [];
for (const series of [1000, 50_000]) {
  const args = { client, series, ticks: 1000 };
  removals.push([`${series} series`, ...(await compare("prom-remove", args, { rounds, batches: 15 }))]);
}
print(`${client}, CPU microseconds of a remove() and a set of another label set`, HEAD, removals);

const seldom = await compare("prom-seldom", { client, series: 50_000, calls: 50 }, { rounds, batches: 5 });
print(`${client}, CPU milliseconds a second where one of 50,000 label sets changes every 10 ms`, HEAD, [
  ["a counter", ...seldom],
]);

const size = { client, workers: 16, series: 2000 };
print(`${client}, clusterMetrics(), milliseconds a scrape`, HEAD, [
  ["16 processes × 2,000 series", ...(await compare("prom-cluster", size, { rounds: 3, batches: 15, warmUpMs: 500 }))],
]);
