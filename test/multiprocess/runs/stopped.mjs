/**
 * prom-client under cluster with one worker stopped (SIGSTOP) while `clusterMetrics()` is called every 50 ms.
 *
 *     node test/multiprocess/runs/stopped.mjs [package] [seconds]
 */
import { print } from "../../bench/lib/print.mjs";
import { quantile } from "../../bench/lib/statistics.mjs";
import { run, temporaryFolder } from "../lib/run.mjs";

const [client = "prom-client", seconds = "10"] = process.argv.slice(2);

/** @param {boolean} guarded */
async function row(guarded) {
  const truth = temporaryFolder();
  const options = { client, truth, seconds: Number(seconds), workers: 4, perTick: 10, killEvery: 0, stop: true };
  const { failures, latencies, backwards } = await run("cluster-app", options, { guarded });
  const times = [0.5, 0.99].map((share) => quantile(latencies, share).toFixed(1));
  return [guarded ? "guarded" : "today", ...[latencies.length, failures.length, backwards].map(String), ...times];
}

print(
  `${client} under cluster: 4 workers, one of them stopped`,
  ["", "scrapes", "failed", "backwards", "p50 ms", "p99 ms"],
  [await row(false), await row(true)],
);
