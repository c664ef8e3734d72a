import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { Deployment } from "kubernetes-models/apps/v1/Deployment";
import { afterEach, expect, test } from "vitest";
import { parse } from "yaml";
import { openSink, type Sink } from "./sink.js";

const RECORDS = 10;
const PM2 = createRequire(import.meta.url).resolve("pm2/bin/pm2");
const ROOT = resolve(import.meta.dirname, "../..");
const APP = join(ROOT, "test/fixtures/drain/serves.cjs");
const page = readFileSync(join(ROOT, "docs/drain.md"), "utf8");

/** What the page has as the block of a language that begins so. */
function recipe(language: string, begins: string): string {
  const blocks = [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"))];
  const [text, ...others] = blocks.map(([, block = ""]) => block).filter((block) => block.startsWith(begins));
  if (text === undefined || others.length > 0) throw new Error(`not one block in ${language} begins with ${begins}`);
  return text;
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder with an app that records and runs on, and this package installed. */
function app(): string {
  const folder = mkdtempSync(join(tmpdir(), "flushguard-recipe-"));
  folders.push(folder);
  writeFileSync(join(folder, "app.js"), `require(${JSON.stringify(APP)});\n`);
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(ROOT, join(folder, "node_modules/flushguard"), "junction");
  return folder;
}

function environment(sink: Sink): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, VITEST: __, ...inherited } = process.env;
  return { ...inherited, ...sink.env, CLIENTS: "flagsmith", RECORDS: String(RECORDS) };
}

/** Runs a command until it is signalled, as whoever stops it would. */
async function stopped(command: readonly string[], env: Record<string, string>, isFirst = false) {
  const sink = await openSink();
  const [program = "", ...args] = isFirst ? ["unshare", "--pid", "--fork", ...command] : command;
  const options = { cwd: app(), env: { ...environment(sink), ...env } };
  const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  const begun = performance.now();
  const [first] = isFirst ? readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").split(" ") : [];
  process.kill(Number(first ?? child.pid), "SIGTERM");
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  const seconds = (performance.now() - begun) / 1000;
  await sink.close();
  return { code, signal, seconds, delivered: sink.distinct() };
}

test.each(["fork", "cluster"])("pm2, mode %s: what was recorded leaves as it stops the app", async (mode) => {
  const sink = await openSink();
  const folder = app();
  const home = join(folder, "home");
  const { apps } = JSON.parse(recipe("json", "{"));
  const config = { apps: [{ ...apps[0], exec_mode: mode }] };
  writeFileSync(join(folder, "ecosystem.config.json"), JSON.stringify(config));
  const env = { ...environment(sink), PM2_HOME: home, PM2_DISABLE_VERSION_CHECK: "1" };
  const pm2 = (...args: string[]) => promisify(execFile)(process.execPath, [PM2, ...args], { cwd: folder, env });
  try {
    await pm2("start", "ecosystem.config.json");
    const logs = join(home, "logs");
    const isReady = () => readdirSync(logs).some((log) => readFileSync(join(logs, log), "utf8").includes("ready"));
    while (!isReady()) await sleep(50);
    expect(sink.arrived).toEqual([]);
    await pm2("stop", "app");
    expect(sink.distinct()).toBe(RECORDS);
  } finally {
    await pm2("kill");
    await sink.close();
  }
});

test("the unit for systemd: what was recorded leaves at its SIGTERM, in time", async () => {
  const settings = recipe("ini", "[Service]").matchAll(/^(\w+)=(.+)$/gm);
  const unit = Object.fromEntries([...settings].map(([, name = "", value = ""]) => [name, value]));
  const [variable = "", value = ""] = (unit.Environment ?? "").split("=");
  const ended = await stopped((unit.ExecStart ?? "").split(" "), { [variable]: value });
  expect(ended).toMatchObject({ signal: "SIGTERM", delivered: RECORDS });
  expect(ended.seconds).toBeLessThan(Number(unit.TimeoutStopSec));
});

test("the manifest for Kubernetes is one that it takes", () => {
  const { spec } = parse(recipe("yaml", "spec:"));
  const labels = { app: "app" };
  const template = { metadata: { labels }, spec };
  new Deployment({ metadata: { name: "app" }, spec: { selector: { matchLabels: labels }, template } }).validate();
});

test.skipIf(process.platform !== "linux" || process.getuid?.() !== 0)(
  "its command, as the first process: what was recorded leaves at its SIGTERM, in time",
  async () => {
    const { spec } = parse(recipe("yaml", "spec:"));
    const [{ command, env }] = spec.containers;
    const variables = (env as { name: string; value: string }[]).map(({ name, value }) => [name, value]);
    const ended = await stopped(command, Object.fromEntries(variables), true);
    expect(ended).toMatchObject({ code: 143, delivered: RECORDS });
    expect(ended.seconds).toBeLessThan(spec.terminationGracePeriodSeconds);
  },
);
