/**
 * The disk is full for some seconds under two workers behind one port: what `increase()` of a real Prometheus says, and what
 * each worker shows afterwards. Mounts a small tmpfs, so it has to be run as root.
 *
 *     node test/multiprocess/runs/full.mjs [seconds]
 */
import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { print } from "../../bench/lib/print.mjs";
import { prometheusConfig } from "../lib/documented.mjs";
import { until } from "../lib/processes.mjs";
import { startPrometheus } from "../lib/prometheus.mjs";
import { launch, temporaryFolder } from "../lib/run.mjs";

const seconds = Number(process.argv[2] ?? 6);
const APP = fileURLToPath(new URL("../lib/full-app.mjs", import.meta.url));
const mounted = temporaryFolder();
execFileSync("mount", ["-t", "tmpfs", "-o", "size=420k,mode=700", "tmpfs", mounted]);
const directory = join(mounted, "metrics");
const filler = join(mounted, "filler");

const { flags, env } = launch({ guarded: true, directory });
const app = fork(APP, { execArgv: flags, env, stdio: ["ignore", "inherit", "pipe", "ipc"] });
let told = "";
app.stderr?.on("data", (data) => {
  told += data;
});
const [{ port }] = await once(app, "message");
const prometheus = await startPrometheus(prometheusConfig("prometheus.yml", [`127.0.0.1:${port}`]));
const JOBS = 'jobs_total{kind="a"}';
try {
  await until(async () => (await prometheus.query(JOBS)).at(0), "the first scrape");
  app.send("go");
  await sleep(2000);
  try {
    for (;;) writeFileSync(filler, Buffer.alloc(4096), { flag: "a" });
  } catch {
    // Full.
  }
  await sleep(seconds * 1000);
  const states = await fetch(`http://127.0.0.1:${port}/metrics`).then((response) => response.text());
  rmSync(filler);
  await sleep(3000);
  app.send("stop");
  const [{ recorded }] = await once(app, "message");
  await sleep(200);
  const stopped = Date.now() / 1000;
  await until(async () => (await prometheus.query(`max(timestamp(${JOBS})) > ${stopped}`)).at(0), "a last scrape");
  const { increase, resets } = await prometheus.increase(JOBS);
  const shown = [];
  for (let i = 0; i < 4; i++) {
    const text = await fetch(`http://127.0.0.1:${port}/metrics`).then((response) => response.text());
    shown.push(/^jobs_total\{kind="a"\} (\d+)$/m.exec(text)?.[1]);
  }
  const waiting = /^flushguard_multiprocess_processes\{state="waiting"\} (\d+)$/m.exec(states)?.[1] ?? "0";
  print(
    `A disk that is full for ${seconds} s, two workers behind one port`,
    ["recorded", "increase()", "ratio", "resets", "waiting meanwhile", "shown at the end"],
    [
      [recorded, increase, (increase / recorded).toFixed(3), resets, waiting, [...new Set(shown)].join(" ")].map(
        String,
      ),
    ],
  );
  process.stdout.write(told);
} finally {
  app.kill("SIGKILL");
  await prometheus.end();
  await sleep(300);
  execFileSync("umount", [mounted]);
}
