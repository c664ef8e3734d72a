import { createRequire } from "node:module";
import { join } from "node:path";
import { installed } from "../../matrix/lib/install.mjs";
import { run } from "./run.mjs";

/** @typedef {{ name: string, pool: string, version: string, options?: object }} Pool */

/** The pools that are run, as apps use them. @type {readonly Pool[]} */
export const POOLS = [
  { name: "piscina 4", pool: "piscina", version: "4.9.4" },
  { name: "piscina 5", pool: "piscina", version: "5.3.2" },
  { name: "piscina 5, env of its own", pool: "piscina", version: "5.3.2", options: { env: { A: "1" } } },
  { name: "tinypool", pool: "tinypool", version: "1.1.1" },
  {
    name: "tinypool, processes",
    pool: "tinypool",
    version: "1.1.1",
    options: { runtime: "child_process" },
  },
  { name: "workerpool, threads", pool: "workerpool", version: "10.0.3", options: { workerType: "thread" } },
  {
    name: "workerpool, processes",
    pool: "workerpool",
    version: "10.0.3",
    options: { workerType: "process" },
  },
];

/**
 * Has a pool do jobs of one increment each.
 * @param {Pool} pool
 * @param {{ jobs: number, guarded: boolean, client?: string }} options
 * @returns {Promise<{ recorded: number, atLastResult: number, ended: number }>} what a scrape shows when the last job has
 * been answered, and when the pool has been ended
 */
export async function runPool({ pool, version, options }, { jobs, guarded, client = "prom-client" }) {
  const path = join(await installed({ module: pool, version, companions: {} }), "node_modules", pool);
  const env = {
    // Nothing is brought in by time alone.
    FLUSHGUARD_MULTIPROCESS_FLUSH_MS: "5000",
    POOL_CLIENT: createRequire(import.meta.url).resolve(client),
    ...(pool === "workerpool" && { POOL_WORKERPOOL: path }),
  };
  return run("pool-app", { client, pool, path, jobs, options }, { guarded, env });
}
