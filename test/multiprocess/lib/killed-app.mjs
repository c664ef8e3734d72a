/**
 * An app under `cluster` whose workers are killed while they count, and are replaced. It shows `clusterMetrics()` on a port
 * of its own, and is told by its parent what to do: to go, and later to stop.
 */
import cluster from "node:cluster";
import { on, once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import prom from "prom-client";

const WORKERS = 4;
const KILL_EVERY_MS = 500;

const registry = new prom.AggregatorRegistry();

if (cluster.isPrimary) await primary();
else work();

function work() {
  prom.register.setContentType(/** @type {any} */ (prom.Registry.OPENMETRICS_CONTENT_TYPE));
  const jobs = new prom.Counter({
    name: "jobs_total",
    help: "Jobs.",
    labelNames: ["kind"],
    enableExemplars: true,
  });
  jobs.inc({ labels: { kind: "a" }, value: 0 });
  let recorded = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  process.on("message", (order) => {
    if (order === "go") {
      timer = setInterval(() => {
        for (let i = 0; i < 10; i++) {
          jobs.inc({ labels: { kind: "a" }, value: 1, exemplarLabels: { trace_id: `${process.pid}-${recorded}` } });
          recorded++;
        }
      }, 2);
    } else if (order === "stop") {
      // Only what it has counted by itself tells how much that is, so it is killed between two ticks.
      clearInterval(timer);
      process.send?.({ recorded });
    }
  });
  process.send?.({ ready: true });
}

/**
 * @param {import("node:cluster").Worker} worker
 * @param {string} name of what it says; prom-client's messages are skipped
 */
async function said(worker, name) {
  for await (const [message] of on(worker, "message")) if (name in message) return message[name];
}

/** @param {import("node:cluster").Worker} worker */
function stopped(worker) {
  worker.send("stop");
  return said(worker, "recorded");
}

async function primary() {
  let recorded = 0;
  let kills = 0;
  const workers = () => Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
  const start = async () => {
    const worker = cluster.fork();
    // prom-client asks workers that have been killed.
    worker.on("error", () => {});
    await said(worker, "ready");
    return worker;
  };
  for (let i = 0; i < WORKERS; i++) await start();

  const server = createServer((_, response) => {
    registry.clusterMetrics().then(
      (text) => response.setHeader("content-type", registry.contentType).end(text),
      (error) => response.writeHead(500).end(String(error)),
    );
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  process.send?.({ port: /** @type {import("node:net").AddressInfo} */ (server.address()).port });

  await once(process, "message");
  for (const worker of workers()) worker.send("go");
  let over = false;
  process.once("message", () => {
    over = true;
  });
  for (; !over; kills++) {
    await sleep(KILL_EVERY_MS);
    const victim = workers()[kills % WORKERS];
    if (victim === undefined) continue;
    recorded += await stopped(victim);
    victim.process.kill("SIGKILL");
    await once(victim, "exit");
    (await start()).send("go");
  }
  for (const worker of workers()) recorded += await stopped(worker);
  process.send?.({ recorded, kills });
  process.on("disconnect", () => process.exit());
}
