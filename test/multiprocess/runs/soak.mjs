/**
 * A cluster whose workers are killed and recycled, on a disk that is full at times, beside a process of a release that writes
 * another format; three readers scrape every 50 ms. Ends with exit code 1 where a counter fell, a scrape failed, the totals
 * are off by more than kills may lose, or the heap or the descriptors of the app have grown. As root: mounts a tmpfs.
 *
 *     npm run soak -- multiprocess [--minutes 10]
 */
import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { print } from "../../bench/lib/print.mjs";
import { release } from "../lib/builds.mjs";
import { launch, temporaryFolder } from "../lib/run.mjs";
import { startServe } from "../lib/serve.mjs";

const { values } = parseArgs({ options: { minutes: { type: "string", default: "10" } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error(`--minutes is "${values.minutes}", expected a number above 0`);

const [WORKERS, PER_TICK, TICK_MS] = [4, 10, 5];
/** What a process that is killed may have counted since it last wrote: FLUSHGUARD_MULTIPROCESS_FLUSH_MS is 10. */
const MOST_LOST = PER_TICK * (10 / TICK_MS + 2);
const SCRAPE_EVERY_MS = 50;
const [ACT_EVERY_MS, FULL_EVERY_MS, FULL_MS] = [2000, 20_000, 3000];
const APP = fileURLToPath(new URL("../lib/soak-app.mjs", import.meta.url));

const truth = temporaryFolder();
const mounted = temporaryFolder();
const mayMount = process.getuid?.() === 0;
if (mayMount) execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m,mode=700", "tmpfs", mounted]);
const directory = join(mounted, "metrics");
const filler = join(mounted, "filler");

const { flags, env } = launch({ guarded: true, directory, env: { FLUSHGUARD_LOG: "silent" } });
const options = [truth, WORKERS, PER_TICK, TICK_MS].map(String);
const app = fork(APP, options, { execArgv: ["--expose-gc", ...flags], env });
const [{ port }] = await once(app, "message");
/** @param {string} order */
const tell = async (order) => {
  const answered = once(app, "message");
  app.send(order);
  const [{ answer }] = await answered;
  return answer;
};
const serve = await startServe(directory);

/** A release that writes the next format, and reads both. */
const next = await release(2, [1, 2]);
let recordedNext = 0;
const startNext = () => {
  const store = new next.Store(directory, () => {});
  const series = store.series(store.family({ name: "next_total", help: "Next.", type: "counter" }), {});
  const timer = setInterval(() => {
    series.add(1);
    recordedNext++;
  }, 20);
  return () => {
    clearInterval(timer);
    store.close();
  };
};
let endNext = startNext();
const reader = new next.Collector(directory);

/** @typedef {Map<string, number>} Counters */

/** @param {string} text @returns {Counters} */
function countersIn(text) {
  const lines = text
    .split("\n")
    .filter((line) => /^(?:jobs_total|next_total|seconds_(?:bucket|count|sum))[{ ]/.test(line));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ")))]),
  );
}

/** @param {string} url */
const scraped = (url) => async () => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`status ${response.status}`);
  return countersIn(await response.text());
};

/** @returns {Promise<Counters>} */
async function collected() {
  const { families } = await reader.collect(() => true);
  const samples = families.filter(({ type }) => type !== "gauge").flatMap((family) => [...family.samples]);
  const kept = samples.filter(({ name }) => !name.startsWith("churn_") && !name.startsWith("flushguard_"));
  return new Map(kept.map(({ name, labels, value }) => [`${name}{${labels}}`, value]));
}

const seen = { scrapes: 0, failed: 0, backwards: 0, kills: 0, recycled: 0, full: 0 };
let over = false;

/** @param {() => Promise<Counters>} scrape */
async function read(scrape) {
  /** @type {Counters} */
  let last = new Map();
  for (; !over; await sleep(SCRAPE_EVERY_MS)) {
    seen.scrapes++;
    try {
      const now = await scrape();
      for (const [series, value] of last) {
        if ((now.get(series) ?? 0) >= value) continue;
        seen.backwards++;
        console.error(`${series}: ${value}, then ${now.get(series)}`);
        break;
      }
      last = now;
    } catch (error) {
      seen.failed++;
      console.error(String(error));
    }
  }
  return last;
}

const began = Date.now();
const readers = [scraped(`${serve.url}/metrics`), scraped(`http://127.0.0.1:${port}/`), collected].map(read);
let before = await tell("state");
let isWarm = false;
let fullAt = began + FULL_EVERY_MS;
try {
  for (let turn = 1; Date.now() - began < minutes * 60_000; turn++) {
    await sleep(ACT_EVERY_MS);
    if (turn % 2 === 0) {
      await tell("kill");
      seen.kills++;
    } else {
      await tell("recycle");
      seen.recycled++;
      endNext();
      endNext = startNext();
    }
    if (mayMount && Date.now() >= fullAt) {
      fullAt += FULL_EVERY_MS;
      // Whoever has just started has to be in its file: what a process has in memory alone ends with it.
      await sleep(ACT_EVERY_MS);
      try {
        for (;;) writeFileSync(filler, Buffer.alloc(4096), { flag: "a" });
      } catch {
        seen.full++;
      }
      await sleep(FULL_MS);
      rmSync(filler);
      await sleep(ACT_EVERY_MS);
    }
    if (isWarm || Date.now() - began < minutes * 15_000) continue;
    before = await tell("state");
    isWarm = true;
  }
  await tell("stop");
  endNext();
  await sleep(500);
  over = true;
  await Promise.all(readers);
  const after = await tell("state");
  const last = await collected();
  const sumOf = (/** @type {string} */ name) =>
    [...last].reduce((sum, [series, value]) => (series.startsWith(`${name}{`) ? sum + value : sum), 0);
  const recorded = readdirSync(truth).reduce((sum, name) => sum + Number(readFileSync(join(truth, name), "utf8")), 0);
  const lost = recorded - sumOf("jobs_total");
  const lostNext = recordedNext - sumOf("next_total");
  const heap = (after.heap - before.heap) / 2 ** 20;
  const descriptors = after.descriptors - before.descriptors;
  print(
    `${minutes} minutes, ${WORKERS} workers of prom-client, three readers`,
    ["", ""],
    [
      ["scrapes", String(seen.scrapes)],
      ["failed, backwards", `${seen.failed}, ${seen.backwards}`],
      ["kills, recycled, times that the disk was full", `${seen.kills}, ${seen.recycled}, ${seen.full}`],
      ["recorded; lost by kills", `${recorded}; ${lost}`],
      ["recorded by a release of another format; lost", `${recordedNext}; ${lostNext}`],
      ["heap of the primary from the first quarter on", `${heap.toFixed(1)} MB`],
      ["descriptors", `${descriptors >= 0 ? "+" : ""}${descriptors}`],
    ],
    mayMount ? [] : ["not as root: the disk was never full"],
  );
  const isRight = lost >= 0 && lost <= seen.kills * MOST_LOST && lostNext === 0;
  // Connections of scrapes and workers come and go.
  const isFlat = heap < 4 && descriptors <= 2 * WORKERS;
  if (seen.failed + seen.backwards > 0 || !isRight || !isFlat) process.exitCode = 1;
} finally {
  over = true;
  app.kill("SIGKILL");
  await serve.end();
  await sleep(300);
  if (mayMount) execFileSync("umount", ["--lazy", mounted]);
}
