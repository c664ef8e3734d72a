import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { filesIn, samplesIn } from "./read.mjs";
import { launch, temporaryFolder } from "./run.mjs";

const APP = fileURLToPath(new URL("./generation-app.mjs", import.meta.url));
const EACH = 100;

/**
 * Has processes come and go, every other one killed, while somebody scrapes.
 * @param {string} client
 * @param {number} generations
 * @param {number} atOnce processes that are alive at one time
 */
export async function runGenerations(client, generations, atOnce) {
  const directory = temporaryFolder();
  let started = 0;
  let most = 0;
  let backwards = 0;
  let last = 0;
  const line = async () => {
    while (started < generations) {
      const { flags, env } = launch({ guarded: true, directory });
      const options = JSON.stringify({ client, each: EACH, kill: started++ % 2 === 1 });
      const child = spawn(process.execPath, [...flags, APP, options], { env, stdio: ["ignore", "inherit", "inherit"] });
      await once(child, "exit");
      const count = (await samplesIn(directory)).get("seconds_count") ?? 0;
      if (count < last) backwards++;
      last = count;
      most = Math.max(most, filesIn(directory).length);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, line));
  const samples = await samplesIn(directory);
  return {
    recorded: generations * EACH * 0.1,
    delivered: samples.get('jobs_total{kind="a"}') ?? 0,
    observed: samples.get("seconds_count") ?? 0,
    gauge: samples.get("up"),
    most,
    left: filesIn(directory).length,
    backwards,
  };
}
