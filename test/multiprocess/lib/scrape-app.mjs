/**
 * An app that is asked for the totals of a directory of many series, or for as many of its own, and how long its loop stands
 * still: at most the time that passes, and at most the CPU time of its threads together, as the machine may be busy otherwise.
 */
import { createRequire } from "node:module";

/** @typedef {{ client: string, scrapes: number, size: number, own: number }} Options */

/** @type {Options} */
const { client, scrapes, size, own } = JSON.parse(process.argv[2] ?? "");
const { Counter, register } = createRequire(import.meta.url)(client);
const counter = new Counter({ name: "own_total", help: "Own.", labelNames: ["route", "method"] });
for (let n = 0; n < own; n++) counter.inc({ route: `/route/${n}`, method: "GET" });
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const turn = () => new Promise((resolve) => setImmediate(resolve));

for (let i = 0; i < 1000; i++) await turn();
globalThis.gc?.();
const before = process.memoryUsage().rss;
const rows = [];
/** Nothing keeps the text when it is over, as nothing does where it has been sent. */
async function scrape() {
  let bytes = 0;
  const began = cpu();
  let longest = 0;
  const asked = register.metrics().then((/** @type {string} */ text) => {
    bytes = text.length;
  });
  for (let [lastCpu, last] = [cpu(), performance.now()]; bytes === 0; ) {
    await turn();
    const [nowCpu, now] = [cpu(), performance.now()];
    longest = Math.max(longest, Math.min(nowCpu - lastCpu, now - last));
    [lastCpu, last] = [nowCpu, now];
  }
  await asked;
  if (bytes < size) throw new Error(`${bytes} bytes`);
  return { cpu: cpu() - began, longest };
}

for (let i = 0; i < scrapes; i++) {
  rows.push(await scrape());
  await new Promise((resolve) => setTimeout(resolve, 50));
}
globalThis.gc?.();
process.stdout.write(JSON.stringify({ rows, rss: (process.memoryUsage().rss - before) / 2 ** 20 }));
process.exit();
