import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A port of the loopback interface that nothing listens on. */
export async function freePort() {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  server.close();
  return port;
}

/**
 * Starts a program that ends with this one.
 * @param {string} file
 * @param {readonly string[]} args
 */
export function started(file, args) {
  const child = spawn(file, args, { stdio: ["ignore", "ignore", "inherit"] });
  const kill = () => void child.kill("SIGKILL");
  process.on("exit", kill);
  return {
    end: async () => {
      process.off("exit", kill);
      child.kill("SIGTERM");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
  };
}

/**
 * Waits until something is there.
 * @template Thing
 * @param {() => Promise<Thing | undefined>} look
 * @param {string} what it is, for the error
 * @returns {Promise<Thing>}
 */
export async function until(look, what) {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await sleep(100)) {
    const thing = await look().catch(() => undefined);
    if (thing !== undefined) return thing;
  }
  throw new Error(`waited 30 seconds for ${what}`);
}
