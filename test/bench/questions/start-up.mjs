import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { installedPath, nodes, REGISTER } from "../lib/paths.mjs";
import { print, ratio } from "../lib/print.mjs";
import { alternated } from "../lib/spawned.mjs";
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
  const took = alternated(
    commands.map((args) => [node.binary, ...args]),
    cwd,
    ROUNDS,
  );
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
