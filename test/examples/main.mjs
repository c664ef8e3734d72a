// Runs the examples that take packages of their own: installs each into an empty folder, with this package as npm packs it,
// builds and starts it without the guard and with it, and counts what reaches a CloudWatch agent: `main.mjs nest` only one.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const REQUESTS = 100;
const EXAMPLES = {
  nest: { path: "/order", script: "dist/main.js" },
  next: { path: "/api/orders", script: "node_modules/next/dist/bin/next" },
};

/** @param {import("node:net").Server} server */
async function listening(server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return /** @type {import("node:net").AddressInfo} */ (server.address()).port;
}

async function freePort() {
  const server = createServer();
  const port = await listening(server);
  server.close();
  return port;
}

/** What `orders` add up to in what an agent was sent. */
function total(/** @type {string} */ text) {
  const documents = text.split("\n").filter((line) => line !== "");
  // A flush with nothing in it sends a document without metrics.
  return documents.flatMap((line) => JSON.parse(line).orders ?? []).reduce((sum, value) => sum + value, 0);
}

/** @param {string} url of a server that may not be up yet */
async function answered(url) {
  for (let times = 0; times < 300; times++) {
    if (await fetch(url).catch(() => undefined)) return;
    await wait(100);
  }
  throw new Error(`no answer from ${url}`);
}

async function order(/** @type {string} */ url) {
  const { ok, status } = await fetch(url);
  if (!ok) throw new Error(`${status} from ${url}`);
}

/** @param {string} folder @param {keyof typeof EXAMPLES} name @param {string} mode of the guard */
async function delivered(folder, name, mode) {
  let received = "";
  const agent = createServer((socket) => socket.setEncoding("utf8").on("data", (text) => (received += text)));
  const agentPort = await listening(agent);
  const port = await freePort();
  const { path, script } = EXAMPLES[name];
  const env = {
    ...process.env,
    FLUSHGUARD: mode,
    NODE_OPTIONS: "--import=flushguard/register",
    PORT: String(port),
    AWS_EMF_ENVIRONMENT: "Agent",
    AWS_EMF_AGENT_ENDPOINT: `tcp://127.0.0.1:${agentPort}`,
    AWS_EMF_LOG_GROUP_NAME: "orders",
  };
  const args = name === "next" ? [script, "start", "-p", String(port)] : [script];
  const app = spawn(process.execPath, args, { cwd: folder, env, stdio: ["ignore", "ignore", "inherit"] });
  const url = `http://127.0.0.1:${port}`;
  try {
    await answered(url);
    // All at once: the client connects to its agent as the first of them are served.
    await Promise.all(Array.from({ length: REQUESTS }, () => order(url + path)));
    await wait(2000);
  } finally {
    app.kill();
    await once(app, "exit");
    agent.close();
  }
  await wait(100);
  return total(received);
}

const all = /** @type {(keyof typeof EXAMPLES)[]} */ (Object.keys(EXAMPLES));
const named = all.filter((name) => process.argv.includes(name));
const folder = mkdtempSync(join(tmpdir(), "flushguard-examples-"));
let wrong = 0;
try {
  execFileSync("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], { cwd: ROOT, stdio: "ignore" });
  const tarball = join(folder, readdirSync(folder).find((file) => file.endsWith(".tgz")) ?? "");
  for (const name of named.length > 0 ? named : all) {
    const app = join(folder, name);
    cpSync(join(ROOT, "examples", name), app, { recursive: true });
    const npm = (/** @type {string[]} */ ...args) =>
      execFileSync("npm", args, { cwd: app, stdio: ["ignore", "ignore", "inherit"] });
    npm("install", "--no-audit", "--no-fund", "--prefer-offline", tarball);
    npm("run", "build");
    const unguarded = await delivered(app, name, "off");
    const guarded = await delivered(app, name, "on");
    const isRight = guarded === REQUESTS && unguarded !== REQUESTS;
    if (!isRight) wrong++;
    console.log(
      `${isRight ? "✓" : "✗"} ${name}: ${REQUESTS} recorded, ${unguarded} delivered without the guard, ${guarded} with it`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = wrong === 0 ? 0 : 1;
