/** Three workers of `cluster` whose metrics of each type have each aggregator. Prints what `clusterMetrics()` shows. */
import cluster from "node:cluster";
import { once } from "node:events";
import { createRequire } from "node:module";

const { client } = JSON.parse(process.argv[2] ?? "");
const { AggregatorRegistry, Counter, Gauge, Histogram, Summary } = createRequire(import.meta.url)(client);
const registry = new AggregatorRegistry();

if (cluster.isPrimary) await primary();
else work(Number(process.env.EACH));

/** @param {number} each */
function work(each) {
  for (const aggregator of ["sum", "min", "max", "average", "first", "omit"]) {
    const options = { help: `With ${aggregator}.`, labelNames: ["of"], aggregator };
    const gauge = new Gauge({ ...options, name: `gauge_${aggregator}` });
    gauge.set({ of: "all" }, each);
    gauge.set({ of: "below zero" }, -each);
    gauge.set({ of: `${each} alone` }, 7);
    if (each > 1) gauge.set({ of: "some" }, each);
    new Counter({ ...options, name: `counter_${aggregator}_total` }).inc({ of: "all" }, each);
    const histogram = new Histogram({ ...options, name: `histogram_${aggregator}`, buckets: [1, 2] });
    // More of the large ones where there are fewer of the small ones.
    for (let i = 0; i < each; i++) histogram.observe({ of: "all" }, 0.5);
    for (let i = each; i < 8; i++) histogram.observe({ of: "all" }, 1.5);
    const summary = new Summary({ ...options, name: `summary_${aggregator}`, percentiles: [] });
    for (let i = 0; i < each; i++) summary.observe({ of: "all" }, 8 - each);
  }
  setTimeout(() => process.send?.("recorded"), 50);
}

async function primary() {
  for (const each of [1, 2, 4]) {
    const worker = cluster.fork({ EACH: String(each) });
    // The client may have messages of its own.
    for (let message; message !== "recorded"; ) [message] = await once(worker, "message");
  }
  const text = await registry.clusterMetrics();
  process.stdout.write(
    JSON.stringify(
      text
        .split("\n")
        .filter((/** @type {string} */ line) => line !== "")
        .sort(),
    ),
  );
  for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill("SIGKILL");
  process.exit();
}
