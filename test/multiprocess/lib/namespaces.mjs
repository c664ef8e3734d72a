import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { launch } from "./run.mjs";

/** Has `unshare` run a command in a pid namespace of its own. */
export const UNSHARE = ["--pid", "--fork", "--mount-proc", "--kill-child"];
const APP = fileURLToPath(new URL("./namespace-app.mjs", import.meta.url));

/** Why pid namespaces cannot be made here, or undefined. */
export function refusal() {
  const { error, status, stderr } = spawnSync("unshare", [...UNSHARE, "true"], { encoding: "utf8" });
  if (error) return error.message;
  return status === 0 ? undefined : stderr.trim();
}

/**
 * Starts the app in a pid namespace, as in a container.
 * @param {string} directory for the metrics
 * @param {unknown} options its argument
 */
export async function startContained(directory, options) {
  const { flags, env } = launch({ guarded: true, directory });
  const child = spawn("unshare", [...UNSHARE, process.execPath, ...flags, APP, JSON.stringify(options)], {
    env,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [line] = await once(child.stdout, "data");
  return {
    /** As it is in its namespace. */
    pid: Number(line),
    end: async () => {
      const exited = once(child, "exit");
      child.stdin.end();
      await exited;
    },
  };
}
