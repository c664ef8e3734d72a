/**
 * Starts an app in many ways with the package as it is packed, on every Node. The app's client delivers everything once, or one
 * line says that it is not guarded:
 *
 *     npm run ways                  all
 *     npm run ways -- 24 worker     on one Node, those with a word in their name
 */
import { execFile, execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { waysOn } from "./ways.mjs";

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));
const MAJORS = [20, 22, 24, 26];
const EXACT = "delivered 30 different 30";
/** `--watch` would run for ever. */
const PATIENCE_MS = { runsOn: 8000, ends: 60_000 };

const asked = process.argv.slice(2);
const majors = MAJORS.filter((major) => asked.includes(String(major)));
const words = asked.filter((word) => !MAJORS.some((major) => String(major) === word));

const { NODE_OPTIONS: _, ...inherited } = process.env;
const app = mkdtempSync(join(tmpdir(), "flushguard-ways-"));

function prepare() {
  const npm = (/** @type {string} */ command, /** @type {readonly string[]} */ args, cwd = here(".")) =>
    execFileSync("npm", [command, ...args, "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], { cwd });
  if (!existsSync(here("node_modules/tsx"))) npm("ci", []);
  npm("pack", ["--pack-destination", app], here("../.."));
  const [packed = ""] = readdirSync(app);
  npm("install", ["--no-save", join(app, packed)]);
  cpSync(here("../fixtures/ways"), app, { recursive: true });
  symlinkSync(here("node_modules"), join(app, "node_modules"));
  symlinkSync("app.mjs", join(app, "link.mjs"));
  symlinkSync(here("node_modules/flushguard"), join(app, "a space"));
  const scripts = { start: "node --import flushguard/register app.mjs" };
  writeFileSync(join(app, "package.json"), JSON.stringify({ private: true, scripts }));
}

/** The script behind a command. */
function bin(/** @type {string} */ name) {
  const manifest = here(`node_modules/${name}/package.json`);
  const { bin: all } = createRequire(import.meta.url)(manifest);
  return join(dirname(manifest), typeof all === "string" ? all : all[name]);
}

/**
 * @param {number} major
 * @param {import("./ways.mjs").Way} way
 * @returns {Promise<{ code: unknown, output: string }>}
 */
function start(major, { args, options, env, input = "", runsOn = false }) {
  const binary = here(`../nodes/node_modules/node${major}/bin/node`);
  const variables = { ...inherited, PATH: `${dirname(binary)}:${process.env.PATH}`, CI: "1", ...env };
  return new Promise((resolve) => {
    const child = execFile(
      binary,
      [...args],
      {
        cwd: app,
        env: { ...variables, ...(options && { NODE_OPTIONS: options }) },
        timeout: runsOn ? PATIENCE_MS.runsOn : PATIENCE_MS.ends,
      },
      (error, stdout, stderr) =>
        resolve({ code: error && !runsOn ? (error.code ?? error.signal) : 0, output: `${stdout}\n${stderr}` }),
    );
    child.stdin?.end(input);
  });
}

/** @returns what is wrong, or undefined */
function judge(/** @type {import("./ways.mjs").Way} */ { told = false }, /** @type {string} */ output) {
  const deliveries = output.match(/delivered \d+ different \d+/g) ?? [];
  const lines = output.match(/flushguard: .*/g) ?? [];
  if (deliveries.length === 0) return `nothing was delivered: ${output}`;
  const isGuarded = deliveries.every((one) => one === EXACT);
  if (told) return !isGuarded && lines.length === 1 ? undefined : `not told once: ${lines.join(" ")}`;
  if (isGuarded && lines.length === 0) return undefined;
  return [...deliveries, ...lines].join("; ");
}

let failed = 0;
try {
  prepare();
  for (const major of majors.length > 0 ? majors : MAJORS) {
    for (const [name, way] of Object.entries(waysOn(major, bin))) {
      if (major < (way.from ?? 0) || !words.every((word) => name.includes(word))) continue;
      const { code, output } = await start(major, way);
      const wrong = code === 0 ? judge(way, output) : `ended by ${String(code)}: ${output}`;
      if (wrong !== undefined) failed++;
      console.log(`${wrong === undefined ? "✓" : "✗"} Node ${major}  ${name}${way.told ? ": told" : ""}`);
      if (wrong !== undefined) console.log(`    ${wrong.trim().slice(0, 600)}`);
    }
  }
} finally {
  rmSync(app, { recursive: true });
}
console.log(`${Math.round(performance.now() / 1000)} s`);
process.exitCode = failed === 0 ? 0 : 1;
