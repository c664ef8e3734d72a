/**
 * An app under `cluster` whose workers count, are killed or stopped, and are scraped through prom-client's
 * `clusterMetrics()`. Prints what it saw as one line of JSON.
 */
import cluster from "node:cluster";
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * @typedef {object} Options
 * @property {string} client path or name of the package
 * @property {string} truth folder in which each worker keeps count by itself
 * @property {number} seconds
 * @property {number} workers
 * @property {number} perTick increments in one tick
 * @property {number} killEvery milliseconds; 0: never. Only one that has counted more than it may lose is killed
 * @property {number} [kills] at least so many, however long that takes
 * @property {boolean} stop whether one worker is stopped for all the time
 */

/** @type {Options} */
const options = JSON.parse(process.argv[2] ?? "");
const require = createRequire(import.meta.url);
const { AggregatorRegistry, Counter, Histogram } = require(options.client);

// In the workers it answers the primary.
const registry = new AggregatorRegistry();

if (cluster.isPrimary) await primary();
else work();

function work() {
  const requests = new Counter({ name: "requests_total", help: "Requests.", labelNames: ["method", "code"] });
  const seconds = new Histogram({ name: "seconds", help: "Seconds.", labelNames: ["method"], buckets: [1, 2, 3] });
  const fd = openSync(join(options.truth, String(process.pid)), "wx");
  let count = 0;
  setInterval(() => {
    for (let i = 0; i < options.perTick; i++) {
      requests.inc({ method: "GET", code: String(200 + (i % 3)) });
      seconds.observe({ method: "GET" }, i % 4);
      writeSync(fd, String(++count), 0);
    }
  }, 1);
  process.on("disconnect", () => {
    closeSync(fd);
    process.exit();
  });
}

async function primary() {
  /** @type {number[]} */
  const latencies = [];
  /** @type {string[]} */
  const failures = [];
  /** @type {Map<string, number>} */
  let last = new Map();
  let backwards = 0;
  let kills = 0;
  let pending = 0;
  /** @type {number[]} */
  const pids = [];
  let ending = false;

  const start = () => {
    const worker = cluster.fork();
    pids.push(worker.process.pid ?? 0);
    worker.on("error", () => {});
    worker.on("exit", () => {
      if (!ending) start();
    });
  };
  for (let i = 0; i < options.workers; i++) start();
  const counted = () => pids.filter((pid) => Number(read(join(options.truth, String(pid)))) > 0);
  while (counted().length < options.workers) await sleep(50);

  let lastBegan = 0;
  const scrape = async () => {
    const began = performance.now();
    pending++;
    try {
      const now = counters(await registry.clusterMetrics());
      // Scrapes may overtake each other.
      if (began > lastBegan) {
        if ([...last].some(([series, value]) => (now.get(series) ?? 0) < value)) backwards++;
        last = now;
        lastBegan = began;
      }
    } catch (error) {
      failures.push(String(error));
    }
    pending--;
    latencies.push(performance.now() - began);
  };

  const workers = () => Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
  if (options.stop) workers()[0]?.process.kill("SIGSTOP");
  const scraping = setInterval(() => void scrape(), 50);
  const worth = ({ process: { pid = 0 } }) => Number(read(join(options.truth, String(pid)))) > options.perTick * 30;
  const kill = () => {
    const victims = workers().filter(worth);
    if (victims.length > 0) victims[kills++ % victims.length]?.process.kill("SIGKILL");
  };
  const killing = options.killEvery > 0 ? setInterval(kill, options.killEvery) : undefined;
  await sleep(options.seconds * 1000);
  while (kills < (options.kills ?? 0)) await sleep(50);
  clearInterval(killing);
  clearInterval(scraping);
  while (pending > 0) await sleep(50);

  // All stand still before the last scrape, so that it shows what was recorded; those that have to answer go on.
  ending = true;
  if (process.env.FLUSHGUARD_MULTIPROCESS_DIR !== undefined) {
    for (const worker of workers()) worker.process.kill("SIGSTOP");
    await sleep(100);
  }
  await scrape();
  const recorded = pids.map((pid) => Number(read(join(options.truth, String(pid))))).reduce((a, b) => a + b, 0);
  const delivered = [...last].reduce(
    (sum, [name, value]) => (name.startsWith("requests_total") ? sum + value : sum),
    0,
  );
  const observed = last.get('seconds_count{method="GET"}') ?? 0;
  for (const worker of workers()) worker.process.kill("SIGKILL");
  process.stdout.write(
    `${JSON.stringify({ recorded, delivered, observed, kills, scrapes: latencies.length, backwards, failures, latencies })}\n`,
  );
  process.exit();
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "0";
  }
}

/**
 * The counters of the text format, those of histograms included.
 * @param {string} text
 */
function counters(text) {
  const lines = text.split("\n").filter((line) => /^(?:\w+_total|seconds_(?:bucket|count|sum))[{ ]/.test(line));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ")))]),
  );
}
