/**
 * Pools of worker threads and processes whose 400 jobs make one increment each, and what a scrape of the main thread shows.
 *
 *     node test/multiprocess/runs/pools.mjs [package]
 */
import { print } from "../../bench/lib/print.mjs";
import { POOLS, runPool } from "../lib/pools.mjs";

const [client = "prom-client"] = process.argv.slice(2);
const rows = [];
for (const pool of POOLS) {
  const without = await runPool(pool, { jobs: 400, guarded: false, client });
  const { recorded, atLastResult, ended } = await runPool(pool, { jobs: 400, guarded: true, client });
  rows.push([pool.name, recorded, without.ended, atLastResult, ended].map(String));
}
print(`${client}, increments`, ["", "recorded", "plain", "guarded, at the last result", "guarded, ended"], rows);
