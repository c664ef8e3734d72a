/**
 * How long the loop of an app stands still when it is asked for the totals of 16 processes with 20,000 series each, and how
 * much memory that takes: the first and the later scrapes, and how much the client takes that is asked for as many of its own.
 *
 *     node test/multiprocess/runs/scrape.mjs [package [processes [series]]]
 */

import { Store } from "../../../dist/src/multiprocess/store/store.js";
import { print } from "../../bench/lib/print.mjs";
import { run, temporaryFolder } from "../lib/run.mjs";

const [client = "prom-client", processes = 16, series = 20_000] = process.argv.slice(2);
const directory = temporaryFolder();
// One of this process for each is to the reader the same as one of another.
const stores = Array.from({ length: Number(processes) }, (_, i) => {
  const store = new Store(directory, (error) => {
    throw error;
  });
  const family = store.family({ name: "requests_total", help: "Requests.", type: "counter" });
  for (let n = 0; n < Number(series); n++) store.series(family, { route: `/route/${n}`, method: "GET" }).set(i + n);
  store.flush();
  return store;
});
const options = { client, scrapes: 12, size: Number(series) * 40, own: 1 };
const { rows, rss } = await run("scrape-app", options, { guarded: true, directory });
const plain = await run("scrape-app", { ...options, own: Number(series) }, { guarded: false });
for (const store of stores) store.close();
const [first, ...later] = rows;
const most = (/** @type {"cpu" | "longest"} */ field) => Math.max(...later.map((/** @type {any} */ row) => row[field]));
print(
  `${client}, ${processes} processes × ${series} series`,
  ["", "CPU ms", "longest piece, ms"],
  [
    ["first scrape", first.cpu.toFixed(0), first.longest.toFixed(1)],
    ["later ones, at most", most("cpu").toFixed(0), most("longest").toFixed(1)],
  ],
);
console.log(
  `memory: +${rss.toFixed(0)} MB; of a process without flushguard for ${series} series of its own: +${plain.rss.toFixed(0)} MB`,
);
