/** Counts before and while it has no descriptors left, and prints what scrapes of it show: before, meanwhile and afterwards. */
import { closeSync, openSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import prom from "prom-client";

/** @type {{ scraped: boolean }} whether also before */
const { scraped } = JSON.parse(String(process.argv[2]));
const jobs = new prom.Counter({ name: "jobs_total", help: "Jobs." });
const shown = [];

async function show() {
  shown.push(Number(/^jobs_total (\d+)$/m.exec(await prom.register.metrics())?.[1]));
}

jobs.inc(3);
await sleep(30);
if (scraped) await show();
const taken = [];
try {
  for (;;) taken.push(openSync(import.meta.filename, "r"));
} catch {
  // There is none left.
}
if (scraped) jobs.inc();
await show();
for (const fd of taken) closeSync(fd);
await sleep(30);
await show();
process.stdout.write(JSON.stringify(shown));
