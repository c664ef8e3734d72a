import { execFile } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { freePort, until } from "./processes.mjs";
import { launch, temporaryFolder } from "./run.mjs";

const require = createRequire(import.meta.url);
const PM2 = require.resolve("pm2/bin/pm2");
const APP = fileURLToPath(new URL("./pm2-app.mjs", import.meta.url));
const INSTANCES = 4;

/**
 * An app in pm2's cluster mode, scraped while instances are killed and it is reloaded.
 * @param {string} client
 * @param {boolean} guarded
 * @param {number} seconds
 */
export async function runPm2(client, guarded, seconds) {
  const home = temporaryFolder();
  const truth = temporaryFolder();
  const port = await freePort();
  const { flags, env } = launch({ guarded });
  const { FLUSHGUARD_MULTIPROCESS_DIR } = env;
  const app = {
    name: "app",
    script: APP,
    instances: INSTANCES,
    exec_mode: "cluster",
    node_args: flags,
    env: { APP_CLIENT: client, APP_TRUTH: truth, APP_PORT: String(port), FLUSHGUARD_MULTIPROCESS_DIR },
  };
  const config = join(home, "ecosystem.config.json");
  writeFileSync(config, JSON.stringify({ apps: [app] }));
  const { FLUSHGUARD_MULTIPROCESS_DIR: _, ...outside } = env;
  const pm2 = (/** @type {string[]} */ ...args) =>
    promisify(execFile)(process.execPath, [PM2, ...args], {
      env: { ...outside, PM2_HOME: home, PM2_DISABLE_VERSION_CHECK: "1" },
    });

  const counts = () => readdirSync(truth).map((name) => [name, Number(readFileSync(join(truth, name), "utf8"))]);
  const recorded = () => counts().reduce((sum, [, count]) => sum + Number(count), 0);
  const scrape = async (patience = 2000) => {
    // A connection that was handed to an instance as it was killed is never answered.
    const options = { headers: { connection: "close" }, signal: AbortSignal.timeout(patience) };
    const response = await fetch(`http://127.0.0.1:${port}/metrics`, options);
    const value = /^requests_total\{.*\} (\d+)$/m.exec(await response.text())?.[1];
    return Number(value ?? 0);
  };

  const seen = {
    kills: 0,
    reloads: 0,
    scrapes: 0,
    failed: 0,
    backwards: 0,
    recorded: 0,
    shown: /** @type {number[]} */ ([]),
  };
  try {
    await pm2("start", config);
    await until(async () => (counts().length >= INSTANCES ? true : undefined), "the instances");
    let last = 0;
    const end = Date.now() + seconds * 1000;
    let killAt = Date.now() + 500;
    const reloaded = sleep(seconds * 500).then(() => pm2("reload", "app"));
    while (Date.now() < end || seen.kills < 2) {
      if (Date.now() >= killAt) {
        killAt += 1000;
        if (killOne(truth)) seen.kills++;
      }
      seen.scrapes++;
      try {
        const now = await scrape();
        if (now < last) seen.backwards++;
        last = now;
      } catch {
        // Whoever answered was killed in the midst of it.
        seen.failed++;
      }
      await sleep(50);
    }
    await reloaded;
    seen.reloads++;
    writeFileSync(join(truth, "stop"), "0");
    // Those that still start stop as they begin.
    for (let last = -1; last !== seen.recorded; await sleep(500)) [last, seen.recorded] = [seen.recorded, recorded()];
    for (let i = 0; i < 8; i++) seen.shown.push(await until(() => scrape(20_000), "an answer"));
  } finally {
    await pm2("kill");
  }
  return seen;
}

/**
 * Kills the oldest instance that lives.
 * @param {string} truth
 */
function killOne(truth) {
  for (const pid of readdirSync(truth)
    .map(Number)
    .sort((a, b) => a - b)) {
    try {
      if (pid > 0) process.kill(pid, "SIGKILL");
      return true;
    } catch {
      // Gone already.
    }
  }
  return false;
}
