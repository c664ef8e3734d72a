import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { environment, installedPath, nodes, REGISTER } from "../lib/paths.mjs";
import { print, ratio } from "../lib/print.mjs";
import { median } from "../lib/statistics.mjs";

const ROUNDS = 12;

/** Apps of one CommonJS file, and the package each has installed and requires. */
const APPS = [
  { label: "no target installed", target: undefined },
  { label: "requires hot-shots", target: "hot-shots" },
  { label: "requires flagsmith-nodejs, which has ES modules too", target: "flagsmith-nodejs" },
];

/** What the preload adds to the time from spawn to exit. */
export async function startUp() {
  const folder = mkdtempSync(join(tmpdir(), "flushguard-bench-"));
  try {
    const rows = nodes().flatMap((node) => APPS.map((app, index) => measure(node, app, join(folder, String(index)))));
    print(
      "Start-up, --import flushguard/register ÷ an empty --import, CommonJS app",
      ["", "no --import ms", "empty ms", "flushguard ms", "added ms", "ratio"],
      rows,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * @param {{ name: string, binary: string }} node
 * @param {typeof APPS[number]} app
 * @param {string} cwd
 */
function measure(node, { label, target }, cwd) {
  const main = writeApp(cwd, target);
  const commands = [[main], ["--import", join(cwd, "empty.mjs"), main], ["--import", REGISTER, main]];
  /** @type {number[][]} */
  const took = commands.map(() => []);
  // The first round fills the disk's cache.
  for (let round = -1; round < ROUNDS; round++) {
    for (const turn of round % 2 === 0 ? [0, 1, 2] : [2, 1, 0]) {
      const ms = spawned(node.binary, commands[turn] ?? [], cwd);
      if (round >= 0) took[turn]?.push(ms);
    }
  }
  const [bare, empty, flushguard] = took.map(median);
  const added = median(took[2].map((ms, round) => ms - took[1][round]));
  const times = [bare, empty, flushguard, added].map((ms) => ms.toFixed(1));
  return [`${node.name}, ${label}`, ...times, ratio(median(took[2].map((ms, round) => ms / took[1][round])))];
}

/**
 * @param {string} cwd
 * @param {string | undefined} target
 * @returns path of its main file
 */
function writeApp(cwd, target) {
  const main = join(cwd, "app.cjs");
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, "empty.mjs"), "");
  writeFileSync(main, target === undefined ? "" : `require(${JSON.stringify(target)});\n`);
  if (target === undefined) return main;
  const link = join(cwd, "node_modules", target);
  mkdirSync(dirname(link), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(installedPath(target), link);
  return main;
}

/**
 * @param {string} binary
 * @param {readonly string[]} args
 * @param {string} cwd
 * @returns milliseconds from spawn to exit
 */
function spawned(binary, args, cwd) {
  const began = performance.now();
  const { status, stderr } = spawnSync(binary, args, { cwd, env: environment(), stdio: ["ignore", "ignore", "pipe"] });
  if (status !== 0) throw new Error(`${binary} ${args.join(" ")} ended with ${status}: ${stderr.toString()}`);
  return performance.now() - began;
}
