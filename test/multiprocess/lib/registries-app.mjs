/**
 * Workers of `cluster` with metrics of the same names in the default registry and in two of their own, each of which wants
 * others of them in `clusterMetrics()`. Prints what that shows of all, after one has thought again, and of those that are left
 * when it and another have been killed.
 */
import cluster from "node:cluster";
import { once } from "node:events";
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";

/** @typedef {"default" | "own" | "other"} Name of a registry */
/**
 * @typedef {object} Spec what a worker has
 * @property {Partial<Record<Name, number>>} has so many jobs in each registry
 * @property {Name[]} [wants] those that it sets, and does not where it is left out
 * @property {Name[]} [later] what it sets then
 * @property {boolean} [early] sets them before it makes its metrics
 */

/** @type {{ client: string, workers: Spec[] }} */
const options = JSON.parse(process.argv[2] ?? "");
const client = createRequire(import.meta.url)(options.client);
const { AggregatorRegistry, Counter, Gauge, Histogram, Registry, Summary } = client;

if (cluster.isPrimary) await primary();
else await work(/** @type {Spec} */ (options.workers[Number(process.env.NUMBER)]));

/** @param {Spec} spec */
async function work({ has, wants, later, early = false }) {
  new AggregatorRegistry();
  const registries = { default: client.register, own: new Registry(), other: new Registry() };
  const set = (/** @type {Name[]} */ names) => AggregatorRegistry.setRegistries(names.map((name) => registries[name]));
  if (early && wants !== undefined) set(wants);
  for (const [name, jobs] of Object.entries(has)) {
    const registers = [registries[/** @type {Name} */ (name)]];
    const labelNames = ["of"];
    new Counter({ name: "jobs_total", help: "Jobs.", labelNames, registers }).inc({ of: "all" }, jobs);
    new Counter({ name: `${name}_total`, help: "Of one registry.", registers }).inc(jobs);
    new Gauge({ name: "most", help: "Most.", aggregator: "max", registers }).set(jobs);
    const mean = new Gauge({ name: "mean", help: "Mean.", labelNames, aggregator: "average", registers });
    mean.set({ of: "all" }, jobs);
    mean.set({ of: name }, jobs);
    new Histogram({ name: "seconds", help: "Seconds.", buckets: [1, 2], registers }).observe(jobs);
    new Summary({ name: "bytes", help: "Bytes.", percentiles: [], registers }).observe(jobs);
  }
  if (!early && wants !== undefined) set(wants);
  process.on("message", (message) => {
    if (message !== "think again") return;
    if (later !== undefined) set(later);
    setTimeout(() => process.send?.("done"), 50);
  });
  await sleep(50);
  process.send?.("done");
}

async function primary() {
  const registry = new AggregatorRegistry();
  const shown = async () => {
    const text = await registry.clusterMetrics();
    return text
      .split("\n")
      .filter((/** @type {string} */ line) => line !== "")
      .sort();
  };
  const done = async (/** @type {import("node:cluster").Worker} */ worker) => {
    // The client may have messages of its own.
    for (let message; message !== "done"; ) [message] = await once(worker, "message");
    return worker;
  };
  const workers = [];
  for (const number of options.workers.keys()) workers.push(await done(cluster.fork({ NUMBER: String(number) })));
  const all = await shown();
  for (const worker of workers) {
    worker.send("think again");
    await done(worker);
  }
  const later = await shown();
  for (const worker of workers.slice(0, 2)) {
    worker.process.kill("SIGKILL");
    await once(worker, "exit");
  }
  // A scrape after the next has them from the retained file.
  const left = [await shown(), await shown()];
  process.stdout.write(JSON.stringify({ all, later, left }));
  for (const worker of workers.slice(2)) worker.process.kill("SIGKILL");
  process.exit();
}
