/**
 * prom-client under cluster, a worker killed every half second while `clusterMetrics()` is called every 50 ms.
 *
 *     node test/multiprocess/runs/cluster.mjs [package] [seconds]
 */

import { print } from "../../bench/lib/print.mjs";
import { quantile } from "../../bench/lib/statistics.mjs";
import { run, temporaryFolder } from "../lib/run.mjs";

const [client = "prom-client", seconds = "10"] = process.argv.slice(2);

/** @param {boolean} guarded */
async function row(guarded) {
  const truth = temporaryFolder();
  const options = { client, truth, seconds: Number(seconds), workers: 4, perTick: 10, killEvery: 500, stop: false };
  const seen = await run("cluster-app", options, { guarded });
  const lost = seen.recorded - seen.delivered;
  const numbers = [seen.kills, seen.scrapes, seen.failures.length, seen.backwards, seen.recorded, seen.delivered, lost];
  return [guarded ? "guarded" : "today", ...numbers.map(String), quantile(seen.latencies, 0.99).toFixed(0)];
}

print(
  `${client} under cluster: 4 workers, 10 increments a tick, one SIGKILL every 500 ms`,
  ["", "kills", "scrapes", "failed", "backwards", "recorded", "delivered", "lost", "p99 ms"],
  [await row(false), await row(true)],
  ["lost: for each kill at most what 10 ms have had, where it is guarded"],
);
