import cluster from "node:cluster";
import { once } from "node:events";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/**
 * Calls of `clusterMetrics()`.
 * @param {{ client: string, workers: number, series: number }} args
 */
export default async function promCluster({ client, workers, series }) {
  const { AggregatorRegistry } = createRequire(import.meta.url)(client);
  const registry = new AggregatorRegistry();
  const exec = fileURLToPath(new URL("../lib/prom-worker.mjs", import.meta.url));
  cluster.setupPrimary({ exec, args: [client, String(series)] });
  // One by one: two cores do not start sixteen at once any faster.
  for (let i = 0; i < workers; i++) await counted(cluster.fork());
  return async () => {
    const began = performance.now();
    const text = await registry.clusterMetrics();
    const took = performance.now() - began;
    const total = text.match(/^requests_total\{.*?\} (\d+)$/m)?.[1];
    // Those of the rounds before are counted too where there are files.
    if (total === undefined || Number(total) % workers !== 0)
      throw new Error(`${total} of ${workers} workers are in the scrape`);
    return took;
  };
}

/**
 * The client may have messages of its own.
 * @param {import("node:cluster").Worker} worker
 */
async function counted(worker) {
  for (;;) {
    const [message] = await once(worker, "message");
    if (message === "counted") return;
  }
}
