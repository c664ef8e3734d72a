/** Two workers behind one port that count all the while, in label sets that they have and in ever new ones. */
import cluster from "node:cluster";
import { once } from "node:events";
import { createServer } from "node:http";
import prom from "prom-client";

if (cluster.isPrimary) await primary();
else work();

function work() {
  const jobs = new prom.Counter({ name: "jobs_total", help: "Jobs.", labelNames: ["kind"] });
  const others = new prom.Counter({ name: "others_total", help: "Others.", labelNames: ["kind"] });
  jobs.inc({ kind: "a" }, 0);
  let recorded = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  process.on("message", (order) => {
    if (order === "go") {
      timer = setInterval(() => {
        jobs.inc({ kind: "a" });
        others.inc({ kind: `${process.pid}-${recorded++}` });
      }, 5);
    } else if (order === "stop") {
      clearInterval(timer);
      process.send?.({ recorded });
    }
  });
  createServer((_, response) => {
    void prom.register.metrics().then((text) => response.setHeader("connection", "close").end(text));
  }).listen(0, "127.0.0.1", function () {
    const { port } = /** @type {import("node:net").AddressInfo} */ (this.address());
    process.send?.({ port });
  });
}

async function primary() {
  const workers = [cluster.fork(), cluster.fork()];
  const said = await Promise.all(workers.map((worker) => once(worker, "message")));
  process.send?.(said[0]?.[0]);
  process.on("message", (order) => void pass(/** @type {string} */ (order)));

  /** @param {string} order */
  async function pass(order) {
    const answers = order === "stop" ? workers.map((worker) => once(worker, "message")) : [];
    for (const worker of workers) worker.send(order);
    if (order !== "stop") return;
    const counts = await Promise.all(answers);
    process.send?.({ recorded: counts.reduce((sum, [{ recorded }]) => sum + recorded, 0) });
  }

  process.on("disconnect", () => process.exit());
}
