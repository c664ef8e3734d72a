/**
 * Runs an HTTP service with five clients for a long time, against servers that stall, reset, refuse and vanish, and restarts it
 * by SIGTERM with a drain. Prints what was recorded, has arrived, was reported as dropped, is lost and came twice, beside what an
 * unguarded service drops, loses and repeats that is restarted likewise; memory, handles, listeners and latency of both, and of
 * another unguarded one as a control: what they differ by is not the guard's.
 *
 *     npm run soak -- clients                  ten minutes
 *     npm run soak -- clients --minutes 60
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startSink } from "./sink.mjs";

const SERVICE = fileURLToPath(new URL("./service.mjs", import.meta.url));
const REGISTER = new URL("../../dist/register.js", import.meta.url).href;
const CLIENTS = ["segment", "influx", "spans", "flagsmith", "statsd"];
/** What becomes of the values of the first two is told. */
const SERVICES = ["guarded", "unguarded", "control"];
/** Values that a request records with each client. */
const EACH = 20;
/** Segment's client leaves a listener of its one abort signal behind at each further attempt, with or without the guard. */
const SILENT = "--disable-warning=MaxListenersExceededWarning";
const RESTARTS = 3;
/** The last service lives longest, so that its memory can be told. */
const RESTART_SHARE = 0.15;
/** Milliseconds between two requests to each service. */
const PAUSE_MS = 10;
const STATE_MS = 5_000;
/** A service that has just started is slower, whatever it is. */
const WARM_UP_MS = 3_000;

const { values } = parseArgs({ options: { minutes: { type: "string", default: "10" } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) {
  console.error(`--minutes: found ${JSON.stringify(values.minutes)}, expected a number over 0`);
  process.exit(2);
}

const agent = new Agent({ keepAlive: true });

/** @param {number} port @param {string} path @returns {Promise<string>} */
async function ask(port, path) {
  const request = get({ host: "127.0.0.1", port, path, agent });
  const [response] = await once(request, "response");
  return text(response);
}

const folder = mkdtempSync(join(tmpdir(), "flushguard-soak-"));
/** What the clients of the services have given up. */
const droppedOf = (/** @type {string} */ name) => join(folder, name);

async function startService(/** @type {string} */ name) {
  const guarded = name === "guarded";
  const preload = guarded ? ["--import", REGISTER] : [];
  const child = spawn(process.execPath, ["--expose-gc", SILENT, ...preload, SERVICE], {
    env: {
      ...process.env,
      ...sinks[name].env,
      DROPPED: droppedOf(name),
      FLUSHGUARD: guarded ? "on" : "off",
      FLUSHGUARD_DRAIN: "on",
      FLUSHGUARD_DRAIN_TIMEOUT_MS: "20000",
    },
    stdio: ["ignore", "pipe", guarded ? "inherit" : "ignore"],
  });
  let port = 0;
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => {
    const [, told] = /^port (\d+)$/.exec(line) ?? [];
    if (told !== undefined) port = Number(told);
  });
  while (port === 0) await once(lines, "line");
  return { child, port };
}

/** Megabytes an hour, by least squares. @param {{ at: number, heap: number }[]} samples */
function slope(samples) {
  const mean = (/** @type {number[]} */ all) => all.reduce((sum, one) => sum + one, 0) / all.length;
  const [at, heap] = [mean(samples.map((one) => one.at)), mean(samples.map((one) => one.heap))];
  const over = samples.reduce((sum, one) => sum + (one.at - at) * (one.heap - heap), 0);
  const under = samples.reduce((sum, one) => sum + (one.at - at) ** 2, 0);
  return ((over / under) * 3_600_000) / 2 ** 20;
}

const percentile = (/** @type {number[]} */ all, /** @type {number} */ share) =>
  all.toSorted((a, b) => a - b)[Math.floor(all.length * share)] ?? Number.NaN;

/** One thing for each of the services. @template T @param {(name: string) => T} make @returns {Record<string, T>} */
const forEach = (make) => Object.fromEntries(SERVICES.map((name) => [name, make(name)]));

/** @template T @param {Record<string, Promise<T>>} all @returns {Promise<Record<string, T>>} */
const allOf = async (all) =>
  Object.fromEntries(await Promise.all(Object.entries(all).map(async ([name, one]) => [name, await one])));

const sinks = await allOf(forEach(startSink));
let services = await allOf(forEach(startService));
const latencies = forEach(() => /** @type {number[]} */ ([]));
let states = forEach(() => []);
let next = 0;
let restarts = 0;
/** Those that take the places of the services, once they listen. @type {typeof services | undefined} */
let coming;
const endings = [];

const begun = performance.now();
const length = minutes * 60_000;
let started = begun;
let lastState = begun;
while (performance.now() - begun < length) {
  const first = next;
  next += EACH;
  // Whichever comes first finds the caches of the processor cold, and whichever comes next what the last still does.
  const turn = next / EACH;
  const asked = SERVICES.map((_, i) => SERVICES[(i + turn) % SERVICES.length]);
  if (turn % 2 === 0) asked.reverse();
  for (const name of asked) {
    const from = performance.now();
    await ask(services[name].port, `/${first}-${next}`);
    if (from - started > WARM_UP_MS) latencies[name].push(performance.now() - from);
  }
  if (performance.now() - lastState > STATE_MS) {
    lastState = performance.now();
    for (const name of asked)
      states[name].push({ at: lastState, ...JSON.parse(await ask(services[name].port, "/state")) });
  }
  if (performance.now() - begun > (restarts + 1) * RESTART_SHARE * length && restarts < RESTARTS) {
    restarts++;
    void allOf(forEach(startService)).then((started) => {
      coming = started;
    });
  }
  if (coming !== undefined) {
    // In the middle of what is recorded.
    const old = services;
    services = coming;
    coming = undefined;
    states = forEach(() => []);
    started = performance.now();
    for (const { child } of Object.values(old)) child.kill("SIGTERM");
    void once(old.guarded.child, "close").then(([code, signal]) => endings.push(signal ?? code));
  }
  await sleep(PAUSE_MS);
}
const seconds = (performance.now() - begun) / 1000;
await allOf(forEach((name) => sinks[name].recover()));
await sleep(3_000);
services.guarded.child.kill("SIGTERM");
const [code, signal] = await once(services.guarded.child, "close");
endings.push(signal ?? code);
while (endings.length < RESTARTS + 1) await sleep(50);
for (const { child } of Object.values(services)) child.kill("SIGKILL");
await sleep(500);

/** What became of the values of each client. */
function tally(/** @type {string} */ name) {
  const { arrived } = sinks[name];
  /** @type {Map<string, Set<number>>} */
  const dropped = new Map(CLIENTS.map((client) => [client, new Set()]));
  for (const line of readFileSync(droppedOf(name), "utf8").split("\n")) {
    const [client = "", n] = line.split(" ");
    dropped.get(client)?.add(Number(n));
  }
  return CLIENTS.map((client) => {
    const times = (arrived.get(client) ?? new Uint8Array(0)).subarray(0, next);
    const delivered = times.filter((count) => count > 0).length;
    const gone = [...(dropped.get(client) ?? [])].filter((n) => (times[n] ?? 0) === 0).length;
    return { delivered, gone, lost: next - delivered - gone, twice: times.filter((count) => count > 1).length };
  });
}

console.log(
  `${seconds.toFixed(0)} s, ${((next * CLIENTS.length) / seconds).toFixed(0)} records a second; ends: ${endings.join(", ")}`,
);
const WIDTHS = [10, 10, 9, 6, 7, 19, 6, 7];
const row = (/** @type {string} */ client, /** @type {(string | number)[]} */ cells) =>
  console.log([client.padEnd(10), ...cells.map((cell, i) => String(cell).padStart(WIDTHS[i] ?? 0))].join(" "));
row("client", ["recorded", "delivered", "dropped", "lost", "twice", "unguarded: dropped", "lost", "twice"]);
const [of, ofUnguarded] = [tally("guarded"), tally("unguarded")];
rmSync(folder, { recursive: true });
let wrong = 0;
for (const [i, client] of CLIENTS.entries()) {
  const [{ delivered, gone, lost, twice }, unguarded] = [of[i], ofUnguarded[i]];
  wrong += lost + twice;
  row(client, [next, delivered, gone, lost, twice, unguarded.gone, unguarded.lost, unguarded.twice]);
}
for (const name of SERVICES) {
  const settled = states[name].slice(Math.ceil(states[name].length / 4));
  const [first, last] = [settled[0], settled.at(-1)];
  if (first === undefined || last === undefined || settled.length < 3) continue;
  const megabytes = (/** @type {{ heap: number }} */ { heap }) => (heap / 2 ** 20).toFixed(1);
  console.log(
    `${name}: heap ${megabytes(first)} then ${megabytes(last)} MB, ${slope(settled).toFixed(1)} MB an hour over the last ${((last.at - first.at) / 1000).toFixed(0)} s; handles ${settled.map(({ handles }) => handles).join(" ")}; listeners ${first.listeners} then ${last.listeners}`,
  );
}
for (const share of [0.5, 0.9, 0.95, 0.99]) {
  const of = forEach((name) => percentile(latencies[name], share));
  console.log(
    `latency p${share * 100}: ${SERVICES.map((name) => `${of[name].toFixed(2)} ms ${name}`).join(", ")}; guarded ÷ the two ${((2 * of.guarded) / (of.unguarded + of.control)).toFixed(2)}, control ÷ unguarded ${(of.control / of.unguarded).toFixed(2)}`,
  );
}
for (const { close } of Object.values(sinks)) close();
process.exitCode = wrong === 0 ? 0 : 1;
