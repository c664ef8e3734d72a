/** Bundles the clients' scenarios with every bundler and runs them on every Node: npm run bundlers [name of a bundler]. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { linkSelf } from "./lib/link-self.mjs";

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));
if (!existsSync(here("node_modules/next"))) {
  // `npm ci` refuses where a registry lacks an optional dependency.
  execFileSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: here("."), stdio: "inherit" });
}
linkSelf();

const { builds } = await import("./lib/builds.mjs");
const { nextBuilds } = await import("./lib/next.mjs");
const { held, runBundle, SCENARIOS } = await import("./lib/run.mjs");

const MAJORS = [20, 22, 24, 26];
const binaryOf = (/** @type {number} */ major) => here(`../nodes/node_modules/node${major}/bin/node`);
const wanted = process.argv[2] ?? "";
const folder = mkdtempSync(join(tmpdir(), "flushguard-bundles-"));
let failed = 0;

/**
 * @param {string} name
 * @param {string} way
 * @param {readonly import("./lib/run.mjs").Counted[]} counted
 * @param {boolean} guarded
 */
function tell(name, way, counted, guarded) {
  const holding = counted.filter(held).length;
  const right = guarded ? holding === counted.length : holding === 0;
  if (!right) failed++;
  console.log(`${right ? "✓" : "✗"} ${name.padEnd(22)} ${way.padEnd(22)} ${holding} of ${counted.length} hold`);
  if (right) return;
  for (const [i, scenario] of SCENARIOS.entries()) console.log("   ", scenario, JSON.stringify(counted[i]));
}

try {
  for (const [name, build] of Object.entries(builds).filter(([name]) => name.startsWith(wanted))) {
    for (const entry of ["entry", "entry-bundled"]) {
      const out = join(folder, `${name}-${entry}`.replace(/\W+/g, "-"));
      mkdirSync(out);
      const bundle = await build(here(`app/${entry}.mjs`), out);
      for (const major of MAJORS) {
        const run = async (/** @type {boolean} */ preloaded) => {
          const counted = [];
          for (const scenario of SCENARIOS) counted.push(await runBundle(binaryOf(major), bundle, scenario, preloaded));
          return counted;
        };
        if (entry === "entry") tell(name, `Node ${major}, preload`, await run(true), true);
        else tell(name, `Node ${major}, bundled`, await run(false), true);
        if (entry === "entry" && major === 26) tell(name, `Node ${major}, nothing`, await run(false), false);
      }
    }
  }
  for (const [name, serve] of Object.entries(nextBuilds).filter(([name]) => name.startsWith(wanted))) {
    const served = await serve(SCENARIOS);
    for (const { way, counted, guarded } of served) tell(name, way, counted, guarded);
  }
} finally {
  rmSync(folder, { recursive: true });
}
process.exitCode = failed === 0 ? 0 : 1;
