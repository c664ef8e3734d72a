import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { fileURLToPath } from "node:url";

export const MAIN = fileURLToPath(new URL("../../../dist/cli-main.cjs", import.meta.url));

/**
 * Starts `flushguard serve` on a free port, and waits until it listens.
 * @param {string} directory
 * @param {readonly string[]} [options]
 */
export async function startServe(directory, options = []) {
  const args = [MAIN, "serve", "--dir", directory, "--port", "0", ...options];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const kill = () => void child.kill("SIGKILL");
  process.on("exit", kill);
  const [line] = await once(createInterface(child.stdout), "line");
  const url = /http:\/\/\S+(?=\/metrics)/.exec(line)?.[0];
  if (url === undefined) throw new Error(`flushguard serve said ${JSON.stringify(line)}`);
  return {
    /** Without a path. */
    url,
    host: new URL(url).host,
    /**
     * Sends a signal and waits for the end.
     * @param {NodeJS.Signals} [signal]
     */
    end: async (signal = "SIGTERM") => {
      process.off("exit", kill);
      const exit = once(child, "exit");
      child.kill(signal);
      const [code, by] = await exit;
      return { code, signal: by };
    },
  };
}
