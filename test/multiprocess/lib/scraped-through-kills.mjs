import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { prometheusConfig } from "./documented.mjs";
import { until } from "./processes.mjs";
import { startPrometheus } from "./prometheus.mjs";
import { launch, temporaryFolder } from "./run.mjs";
import { startServe } from "./serve.mjs";

const APP = fileURLToPath(new URL("./killed-app.mjs", import.meta.url));

/**
 * A real Prometheus scrapes an app whose workers are killed: guarded through `flushguard serve`, otherwise through
 * prom-client's own `clusterMetrics()`.
 * @param {{ guarded: boolean, seconds: number }} options
 */
export async function scrapedThroughKills({ guarded, seconds }) {
  const directory = temporaryFolder();
  const { flags, env } = launch({ guarded, directory });
  const app = fork(APP, { execArgv: flags, env });
  const [{ port }] = await once(app, "message");
  const serve = guarded ? await startServe(directory) : undefined;
  const prometheus = await startPrometheus(prometheusConfig("prometheus.yml", [serve?.host ?? `127.0.0.1:${port}`]));
  try {
    // What is recorded before the first sample is no increase.
    await until(async () => (await prometheus.query("jobs_total")).at(0), "the first scrape");
    app.send("go");
    await sleep(seconds * 1000);
    app.send("stop");
    const [{ recorded, kills }] = await once(app, "message");
    const stopped = Date.now() / 1000;
    await until(
      async () => (await prometheus.query(`max(timestamp(jobs_total)) > ${stopped}`)).at(0),
      "a scrape of the last numbers",
    );
    const scrapes = await prometheus.query("max(count_over_time(up[1h]))");
    const failed = await prometheus.query("sum(count_over_time(up[1h])) - sum(sum_over_time(up[1h]))");
    const [exemplars] = await prometheus.exemplars("jobs_total");
    return {
      recorded,
      kills,
      scrapes: Number(scrapes[0]?.value?.[1]),
      failed: Number(failed[0]?.value?.[1]),
      exemplars: exemplars?.exemplars.length ?? 0,
      ...(await prometheus.increase("jobs_total")),
    };
  } finally {
    app.kill("SIGKILL");
    await prometheus.end();
    await serve?.end();
  }
}
