/** Reads a directory again and again, for a thread that waits for it. */
import { workerData } from "node:worker_threads";
import { JOBS } from "./others.mjs";

const { build, flag, numbers, text } = workerData;
const { Collector } = await import(build);

let directory = "";
/** @type {import("../../../dist/src/multiprocess/merge/collector.js").Collector} */
let collector;
for (;;) {
  Atomics.wait(flag, 0, 0);
  const asked = Buffer.from(text).toString().replace(/\0+$/, "");
  if (asked !== directory) collector = new Collector(asked);
  directory = asked;
  const { families, health } = await collector.collect(() => true);
  const jobs = families.find(({ name }) => name === JOBS.name)?.samples ?? [];
  numbers[0] = 0;
  for (const { value } of jobs) numbers[0] += value;
  numbers[1] = health.badFiles;
  Atomics.store(flag, 0, 0);
  Atomics.notify(flag, 0);
}
