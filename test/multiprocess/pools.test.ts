import { expect, test } from "vitest";
import { POOLS, runPool } from "./lib/pools.mjs";

test.each(POOLS)("$name: who has the result of a job has its counts", async (pool) => {
  const jobs = 60;
  expect(await runPool(pool, { jobs, guarded: true })).toEqual({ recorded: jobs, atLastResult: jobs, ended: jobs });
  expect(await runPool(pool, { jobs, guarded: false })).toEqual({ recorded: jobs, atLastResult: 0, ended: 0 });
});
