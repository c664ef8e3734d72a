/** Counts in threads of one process. Prints what was recorded and what `register.metrics()` of the main thread shows. */
import { once } from "node:events";
import { createRequire } from "node:module";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

/** @typedef {{ client: string, threads: number, each: number, exit: boolean }} Options */

/** @type {Options} */
const { client, threads, each, exit } = isMainThread ? JSON.parse(process.argv[2] ?? "") : workerData;
const { Counter, register } = createRequire(import.meta.url)(client);
const jobs = new Counter({ name: "jobs_total", help: "Jobs.", labelNames: ["kind"] });

if (isMainThread) {
  jobs.inc({ kind: "main" }, each);
  const workers = Array.from(
    { length: threads },
    () => new Worker(new URL(import.meta.url), { workerData: { client, threads, each, exit } }),
  );
  await Promise.all(workers.map((worker) => once(worker, exit ? "exit" : "message")));
  const text = await register.metrics();
  const values = [...text.matchAll(/^jobs_total\{.*\} (\d+)$/gm)].map(([, value]) => Number(value));
  process.stdout.write(
    `${JSON.stringify({ recorded: (threads + 1) * each, delivered: values.reduce((sum, value) => sum + value, 0) })}\n`,
  );
  process.exit();
} else {
  for (let i = 0; i < each; i++) jobs.inc({ kind: "thread" });
  if (exit) process.exit();
  setTimeout(() => parentPort?.postMessage("counted"), 10);
}
