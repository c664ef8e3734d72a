/**
 * Runs a client beside each agent, in either order, from CommonJS and from an ES module, on every Node:
 *
 *     npm run neighbours                       all
 *     npm run neighbours -- dd-trace 24        one agent, one Node
 */
import { execFile, execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));
const AGENTS = ["opentelemetry", "sentry-11", "sentry-10", "dd-trace", "newrelic", "elastic"];
const MAJORS = [20, 22, 24, 26];
const APPS = ["app.cjs", "app.mjs"];
const REGISTER = new URL("../../dist/register.js", import.meta.url).href;

const asked = process.argv.slice(2);
const chosen = (/** @type {readonly (string | number)[]} */ all) => {
  const named = all.filter((one) => asked.includes(String(one)));
  return named.length > 0 ? named : all;
};

if (!existsSync(here("node_modules/newrelic"))) {
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: here("."), stdio: "inherit" });
}

/** @typedef {{ ended: string, held: boolean, wrapped?: string, stderr: string }} Run */

/**
 * @param {string | number} major
 * @param {readonly string[]} preloads
 * @param {string} app
 * @returns {Promise<Run>}
 */
function run(major, preloads, app) {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const args = ["--no-warnings", ...preloads.flatMap((preload) => ["--import", preload]), here(`apps/${app}`)];
  return new Promise((resolve) => {
    execFile(
      here(`../nodes/node_modules/node${major}/bin/node`),
      args,
      { env, timeout: 60_000 },
      (error, stdout, stderr) => {
        const last = stdout.trim().split("\n").at(-1) ?? "";
        if (error || !last.startsWith("{")) return resolve({ ended: error?.message ?? stdout, held: false, stderr });
        const { counted, wrapped } = JSON.parse(last);
        const held = counted.length > 0 && counted.every(isExact);
        resolve({ ended: "well", held, wrapped, stderr });
      },
    );
  });
}

/** @param {{ recorded: number, delivered: number, distinct: number }} counted */
function isExact({ recorded, delivered, distinct }) {
  return recorded === delivered && delivered === distinct;
}

let failed = 0;
for (const major of chosen(MAJORS)) {
  for (const app of APPS) {
    const nothing = await run(major, [], app);
    for (const agent of chosen(AGENTS)) {
      const preload = new URL(`agents/${agent}.mjs`, import.meta.url).href;
      const alone = await run(major, [preload], app);
      const both = [await run(major, [preload, REGISTER], app), await run(major, [REGISTER, preload], app)];
      const works = alone.wrapped !== nothing.wrapped;
      const wrong = [
        ...(alone.held ? ["loses nothing without the guard"] : []),
        ...both.flatMap(({ ended, held, wrapped, stderr }, index) => {
          const order = index === 0 ? "before the guard" : "after the guard";
          if (ended !== "well" && alone.ended === "well") return [`${order}: ${ended} ${stderr}`];
          if (alone.ended !== "well") return [];
          return [
            ...(held ? [] : [`${order}: not guarded`]),
            ...(wrapped === alone.wrapped ? [] : [`${order}: the agent is not at work as it is alone`]),
            ...(stderr === alone.stderr ? [] : [`${order}: prints ${stderr}`]),
          ];
        }),
      ];
      if (wrong.length > 0) failed++;
      const note =
        alone.ended !== "well" ? "does not start on this Node" : works ? "" : "is not seen at work on this Node";
      console.log(`${wrong.length > 0 ? "✗" : "✓"} Node ${major}  ${app}  ${agent.padEnd(14)} ${note}`);
      for (const line of wrong) console.log(`    ${line}`);
    }
  }
}
console.log(`${Math.round(performance.now() / 1000)} s`);
process.exitCode = failed === 0 ? 0 : 1;
