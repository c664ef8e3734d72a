import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { printed } from "./print.mjs";
import { programs } from "./steps.mjs";

// Prints, as JSON, the exit codes of some programs as processes of their own, without the guard and with it.
const [, , dist, runs] = process.argv;
/** Longer than the guard waits for a flush in them. */
const TIMEOUT_MS = 20_000;

const folder = mkdtempSync(join(tmpdir(), "flushguard-random-"));
const ends = [];
for (let seed = 1; ends.length < Number(runs); seed++) {
  const [program] = fc.sample(programs, { seed, numRuns: 1 });
  // Those in which something goes wrong, and nothing else keeps the process.
  if (program.alive || program.sender.bad === null) continue;
  const file = join(folder, `${seed}.mjs`);
  writeFileSync(file, printed(program, [], resolve(dist, "src/index.js")));
  ends.push({ seed, without: codeOf(file), guarded: codeOf(file, "--guard") });
}
rmSync(folder, { recursive: true });
process.stdout.write(JSON.stringify(ends));

function codeOf(file, ...options) {
  return spawnSync(process.execPath, [file, "--bare", ...options], { timeout: TIMEOUT_MS, stdio: "ignore" }).status;
}
