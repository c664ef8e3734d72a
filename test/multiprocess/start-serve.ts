import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { fileURLToPath } from "node:url";

export const MAIN = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));

export interface Serving {
  child: ChildProcess;
  /** Without a path. */
  url: string;
  /** Sends a signal and waits for the end. */
  end(signal?: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Starts `flushguard serve` on a free port, and waits until it listens. */
export async function startServe(dir: string, options: readonly string[] = []): Promise<Serving> {
  const args = [MAIN, "serve", "--dir", dir, "--port", "0", ...options];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  const url = /http:\/\/\S+(?=\/metrics)/.exec(line)?.[0];
  if (url === undefined) throw new Error(`flushguard serve said ${JSON.stringify(line)}`);
  return {
    child,
    url,
    end: async (how = "SIGTERM") => {
      const exit = once(child, "exit");
      child.kill(how);
      const [code, signal] = await exit;
      return { code, signal };
    },
  };
}
