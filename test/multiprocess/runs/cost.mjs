/**
 * What a call of `inc()` costs, guarded ÷ plain, and what a tick with one call costs; what a merged scrape costs ÷ the
 * client's own `clusterMetrics()`.
 *
 *     node test/multiprocess/runs/cost.mjs [package]
 */
import { duel } from "../../bench/lib/duel.mjs";
import { print, range } from "../../bench/lib/print.mjs";
import { temporaryFolder } from "../lib/run.mjs";

const [client = "prom-client"] = process.argv.slice(2);

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

/** @param {number} ticks @param {number} each */
const inc = (ticks, each) => compare("prom-counter", { client, ticks, each });

print(`${client}, inc() on a labelled counter, nanoseconds a call`, HEAD, [
  ["20,000 in a tick", ...(await inc(1, 20_000))],
  ["10 in a tick", ...(await inc(500, 10))],
  ["1 in a tick", ...(await inc(2000, 1))],
]);

const size = { client, workers: 16, series: 2000 };
print(`${client}, clusterMetrics(), milliseconds a scrape`, HEAD, [
  ["16 processes × 2,000 series", ...(await compare("prom-cluster", size, { rounds: 3, batches: 15, warmUpMs: 500 }))],
]);
