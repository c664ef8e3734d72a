/** Counts and stays: started twice in pid namespaces of their own, both have the same process id. */
import { createRequire } from "node:module";

/** @type {{ client: string, each: number }} */
const { client, each } = JSON.parse(process.argv[2] ?? "");
const { Counter, Gauge } = createRequire(import.meta.url)(client);

const jobs = new Counter({ name: "jobs_total", help: "Jobs." });
const workers = new Gauge({ name: "workers", help: "Workers.", aggregator: "all" });
workers.set(1);
for (let i = 0; i < each; i++) jobs.inc();
setTimeout(() => process.stdout.write(`${process.pid}\n`), 10);
// Ends with whoever started it.
process.stdin.resume().on("end", () => process.exit());
