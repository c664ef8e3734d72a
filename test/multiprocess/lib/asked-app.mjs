/**
 * Workers of `cluster` that count without the preload, beside one with it, and one that is stopped for a scrape. Prints what
 * `clusterMetrics()` shows, one scrape after another.
 */
import cluster from "node:cluster";
import { once } from "node:events";
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";

/** @typedef {{ client: string, bare: number, apart: boolean, stop: boolean }} Options */

/** @type {Options} */
const options = JSON.parse(process.argv[2] ?? "");
const { AggregatorRegistry, Counter, Gauge, Histogram, Registry, Summary } = createRequire(import.meta.url)(
  options.client,
);
const registry = new AggregatorRegistry();
const own = new Registry();

/** @param {number} each */
async function work(each) {
  const labelNames = ["kind"];
  new Counter({ name: "jobs_total", help: "Jobs.", labelNames }).inc({ kind: 'a",\n' }, each);
  new Gauge({ name: "most", help: "Most.", aggregator: "max" }).set(each);
  const histogram = new Histogram({ name: "seconds", help: "Seconds.", labelNames, buckets: [1, 2] });
  for (const value of [0.5, 1.5, 9]) histogram.observe({ kind: "a" }, value);
  new Summary({ name: "bytes", help: "Bytes." }).observe(each);
  new Counter({ name: "own_total", help: "Own.", registers: [own] }).inc(each);
  if (options.apart) AggregatorRegistry.setRegistries([own]);
  await sleep(50);
  process.send?.("counted");
}

async function primary() {
  const { execArgv } = process;
  const start = async (/** @type {number} */ each) => {
    const worker = cluster.fork({ EACH: String(each) });
    // The client may have messages of its own.
    for (let message; message !== "counted"; ) [message] = await once(worker, "message");
    return worker;
  };
  await start(100);
  cluster.setupPrimary({ execArgv: [] });
  const bare = [];
  for (let i = 0; i < options.bare; i++) bare.push(await start(10));
  cluster.setupPrimary({ execArgv });
  const shown = [];
  const scrape = async () => {
    const began = performance.now();
    const text = await registry.clusterMetrics();
    const lines = text.split("\n").filter((/** @type {string} */ line) => line !== "" && !line.startsWith("#"));
    shown.push({
      samples: Object.fromEntries(
        lines.map((/** @type {string} */ line) => [
          line.slice(0, line.lastIndexOf(" ")),
          Number(line.split(" ").at(-1)),
        ]),
      ),
      late: performance.now() - began > 400,
    });
  };
  await scrape();
  if (options.stop) {
    bare[0]?.process.kill("SIGSTOP");
    await scrape();
    // Nobody waits for it again, however many ask.
    await Promise.all(Array.from({ length: 12 }, () => registry.clusterMetrics()));
    bare[0]?.process.kill("SIGCONT");
    await sleep(1100);
    await scrape();
  }
  process.stdout.write(JSON.stringify(shown));
  for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill("SIGKILL");
  process.exit();
}

if (cluster.isPrimary) await primary();
else await work(Number(process.env.EACH));
