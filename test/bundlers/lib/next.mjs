/** A production build of a Next app, served. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const CWD = fileURLToPath(new URL("../next/", import.meta.url));
const NEXT = fileURLToPath(new URL("../node_modules/next/dist/bin/next", import.meta.url));
const REGISTER = new URL("../../../dist/register.js", import.meta.url).href;

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  server.close();
  await once(server, "close");
  return port;
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {boolean} preloaded
 * @param {readonly string[]} scenarios
 * @returns {Promise<import("./run.mjs").Counted[]>}
 */
async function serve(env, preloaded, scenarios) {
  const port = await freePort();
  const options = preloaded ? { NODE_OPTIONS: `--import=${REGISTER}` } : {};
  const server = spawn(process.execPath, [NEXT, "start", "-p", String(port), "-H", "127.0.0.1"], {
    cwd: CWD,
    env: { ...env, ...options },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await ready(server);
    const counted = [];
    for (const name of scenarios) {
      const response = await fetch(`http://127.0.0.1:${port}/run?name=${encodeURIComponent(name)}`);
      counted.push(/** @type {import("./run.mjs").Counted} */ (await response.json()));
    }
    return counted;
  } finally {
    if (server.kill()) await once(server, "exit");
  }
}

/**
 * What it prints is read to the end: Next dies where nobody does.
 * @param {import("node:child_process").ChildProcessByStdio<null, import("node:stream").Readable, null>} server
 */
function ready(server) {
  return new Promise((resolve, reject) => {
    server.stdout.setEncoding("utf8").on("data", (text) => {
      if (/Ready/.test(text)) resolve(undefined);
    });
    server.once("exit", (code) => reject(new Error(`next start ended with ${code}`)));
  });
}

/** @param {"webpack" | "turbopack"} bundler @param {"loader" | "external"} way */
function build(bundler, way) {
  return async (/** @type {readonly string[]} */ scenarios) => {
    const { NODE_OPTIONS: _, ...inherited } = process.env;
    const distDir = `.next-${bundler}-${way}`;
    const env = { ...inherited, NEXT_WAY: way, NEXT_DIST: distDir, NEXT_TELEMETRY_DISABLED: "1" };
    await promisify(execFile)(process.execPath, [NEXT, "build", `--${bundler}`], { cwd: CWD, env });
    return [
      { way: `${way}, preload`, counted: await serve(env, true, scenarios), guarded: true },
      { way: `${way}, nothing`, counted: await serve(env, false, scenarios), guarded: false },
    ];
  };
}

export const nextBuilds = {
  "Next, webpack": build("webpack", "loader"),
  "Next, Turbopack": build("turbopack", "loader"),
  "Next, external": build("turbopack", "external"),
};
