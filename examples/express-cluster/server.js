// Two workers answer requests; the primary answers /metrics for both, and for those that have died.
import cluster from "node:cluster";
import express from "express";
import { Counter, register } from "prom-client";

const { PORT = 3000, METRICS_PORT = 9464 } = process.env;
const requests = new Counter({ name: "requests_total", help: "Requests answered" });
const app = express();

if (cluster.isPrimary) {
  for (let workers = 0; workers < 2; workers++) cluster.fork();
  cluster.on("exit", () => cluster.fork());
  app.get("/metrics", async (_request, response) => {
    response.type(register.contentType).send(await register.metrics());
  });
  app.listen(METRICS_PORT);
} else {
  app.get("/", (_request, response) => {
    requests.inc();
    response.send("ok\n");
  });
  // As a worker dies under load: without a last word.
  app.get("/die", () => process.kill(process.pid, "SIGKILL"));
  app.listen(PORT);
}
