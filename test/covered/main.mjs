/**
 * Runs clients that send by a class which is guarded, without the guard and with it: ten spans, of which the client sends a
 * batch by itself, an awaited flush, and the end of the process. Exits with 1 where a guarded run does not deliver each span
 * once, or an unguarded one does. Writes what was counted into result.json, from which docs/clients.md has its table.
 *
 *     npm run covered
 */
import { execFile, execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { httpSink } from "../../dist/src/proofs/sinks/http.js";

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));
const REGISTER = new URL("../../dist/register.js", import.meta.url).href;
const LATENCY_MS = 300;

/** Client, the file that starts it, and the guarded class that it sends by. */
const CLIENTS = [
  ["@langfuse/otel", "langfuse-otel.mjs"],
  ["@traceloop/node-server-sdk", "traceloop.mjs"],
  ["@lmnr-ai/lmnr", "lmnr.mjs"],
  ["@arizeai/phoenix-otel", "phoenix-otel.mjs"],
  ["langwatch", "langwatch.mjs"],
].map(([module, app]) => ({ module: String(module), app: here(`apps/${app}`) }));

if (!existsSync(here("node_modules/langwatch"))) {
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: here("."), stdio: "inherit" });
}

/**
 * @param {string} app
 * @param {readonly string[]} preload
 */
async function run(app, preload) {
  const sink = await httpSink({ latencyMs: LATENCY_MS });
  const { NODE_OPTIONS: _, ...env } = process.env;
  const variables = {
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "10",
    OTEL_BSP_SCHEDULE_DELAY: "60000",
    TRACELOOP_TELEMETRY: "false",
  };
  const args = [...preload, here("app.mjs"), app, sink.url];
  const failure = await new Promise((resolve) => {
    execFile(process.execPath, args, { env: { ...env, ...variables }, timeout: 60_000 }, resolve);
  });
  // A span may name itself in its attributes, too.
  const ids = sink.delivered.flatMap(({ body }) => [...new Set(body.match(/proof-span-\d/g))]);
  await sink.close();
  if (failure) throw failure;
  return { delivered: ids.length, distinct: new Set(ids).size };
}

const results = [];
for (const { module, app } of CLIENTS) {
  const { version } = JSON.parse(readFileSync(here(`node_modules/${module}/package.json`), "utf8"));
  const result = {
    module,
    version,
    recorded: 10,
    unguarded: await run(app, []),
    guarded: await run(app, ["--import", REGISTER]),
  };
  results.push(result);
  process.stdout.write(
    `${module} ${version}: 10 recorded, ${result.unguarded.delivered} without the guard, ${result.guarded.delivered} with it\n`,
  );
}
writeFileSync(here("result.json"), `${JSON.stringify(results, null, 2)}\n`);
const exact = results.every(
  ({ recorded, unguarded, guarded }) =>
    unguarded.distinct < recorded && guarded.delivered === recorded && guarded.distinct === recorded,
);
process.exitCode = exact ? 0 : 1;
