/**
 * A real Prometheus scrapes prom-client under cluster while workers are killed: what `increase()` says of the whole run.
 *
 *     node test/multiprocess/runs/prometheus.mjs [seconds]
 */

import { print } from "../../bench/lib/print.mjs";
import { scrapedThroughKills } from "../lib/scraped-through-kills.mjs";

const seconds = Number(process.argv[2] ?? 10);

/** @param {boolean} guarded */
async function row(guarded) {
  const { kills, scrapes, failed, resets, exemplars, recorded, increase } = await scrapedThroughKills({
    guarded,
    seconds,
  });
  const numbers = [kills, scrapes, failed, resets, exemplars, recorded, increase];
  return [guarded ? "flushguard serve" : "clusterMetrics()", ...numbers.map(String)];
}

print(
  "A counter of 4 workers, one killed with SIGKILL every 500 ms, as Prometheus has it",
  ["", "kills", "scrapes", "failed", "resets", "exemplars", "recorded", "increase()"],
  [await row(false), await row(true)],
);
