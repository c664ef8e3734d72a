/**
 * An app under `cluster` whose workers count, and keep count by themselves in files. It shows `clusterMetrics()` on a port of its
 * own, and does what its parent tells it.
 */
import cluster from "node:cluster";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { openSync, readdirSync, writeSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import prom from "prom-client";

const [truth = "", workers = "4", perTick = "10", tickMs = "5"] = process.argv.slice(2);
const registry = new prom.AggregatorRegistry();

if (cluster.isPrimary) await primary();
else work();

function work() {
  const labelNames = ["code"];
  const jobs = new prom.Counter({ name: "jobs_total", help: "Jobs.", labelNames });
  const seconds = new prom.Histogram({ name: "seconds", help: "Seconds.", buckets: [1, 2] });
  const churn = new prom.Counter({ name: "churn_total", help: "Label sets that come and go.", labelNames });
  const fd = openSync(join(truth, randomUUID()), "wx");
  let count = 0;
  const timer = setInterval(() => {
    for (let i = 0; i < Number(perTick); i++) {
      jobs.inc({ code: String(i % 3) });
      writeSync(fd, String(++count), 0);
    }
    seconds.observe(count % 3);
    churn.inc({ code: String(count) });
    churn.remove({ code: String(count - 100 * Number(perTick)) });
  }, Number(tickMs));
  process.on("message", (order) => {
    if (order === "end") process.exit();
    if (order !== "stop") return;
    clearInterval(timer);
    process.send?.("stopped");
  });
  // Before this the client's listener alone would have heard an order.
  process.send?.("ready");
}

async function primary() {
  /** Those that listen. @type {Set<import("node:cluster").Worker>} */
  const ready = new Set();
  const start = async () => {
    const worker = cluster.fork().on("error", () => {});
    worker.on("exit", () => ready.delete(worker));
    await said(worker, "ready");
    ready.add(worker);
  };
  await Promise.all(Array.from({ length: Number(workers) }, start));
  const server = createServer((_, response) => {
    registry.clusterMetrics().then(
      (text) => response.end(text),
      (error) => response.writeHead(500).end(String(error)),
    );
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  process.send?.({ port: /** @type {import("node:net").AddressInfo} */ (server.address()).port });
  process.on("disconnect", () => process.exit());

  /** @type {Record<string, () => Promise<unknown>>} */
  const orders = {
    /** Another takes its place. */
    async kill() {
      const [worker] = ready;
      worker?.process.kill("SIGKILL");
      await start();
    },
    async recycle() {
      const [worker] = ready;
      const ended = worker && once(worker, "exit");
      worker?.send("end");
      await Promise.all([ended, start()]);
    },
    async state() {
      globalThis.gc?.();
      return { heap: process.memoryUsage().heapUsed, descriptors: readdirSync("/proc/self/fd").length };
    },
    async stop() {
      await Promise.all(
        Array.from(ready, async (worker) => {
          const stopped = said(worker, "stopped");
          worker.send("stop");
          await stopped;
        }),
      );
    },
  };
  process.on("message", (order) => {
    void orders[String(order)]?.().then((answer) => process.send?.({ answer }));
  });
}

/**
 * The client has messages of its own.
 * @param {import("node:cluster").Worker} worker
 * @param {string} what
 * @returns {Promise<void>}
 */
function said(worker, what) {
  return new Promise((resolve) => {
    worker.on("message", (message) => {
      if (message === what) resolve();
    });
  });
}
