/** Counts and ends, well or by SIGKILL once what it has counted is written. */
import { createRequire } from "node:module";

/** @type {{ client: string, each: number, kill: boolean }} */
const { client, each, kill } = JSON.parse(process.argv[2] ?? "");
const { Counter, Gauge, Histogram } = createRequire(import.meta.url)(client);

const jobs = new Counter({ name: "jobs_total", help: "Jobs.", labelNames: ["kind"] });
const seconds = new Histogram({ name: "seconds", help: "Seconds.", buckets: [1, 2] });
new Gauge({ name: "up", help: "Up." }).set(1);
for (let i = 0; i < each; i++) jobs.inc({ kind: "a" }, 0.1);
seconds.observe(0.3);
if (kill) setTimeout(() => process.kill(process.pid, "SIGKILL"), 50);
