import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { installedPath, nodes } from "../lib/paths.mjs";
import { writePreloads } from "../lib/preloads.mjs";
import { print, ratio } from "../lib/print.mjs";
import { alternated } from "../lib/spawned.mjs";
import { median } from "../lib/statistics.mjs";

const ROUNDS = 40;

/** Apps of one CommonJS file, and the package each has installed and requires. */
const APPS = [
  { label: "no client", target: undefined },
  { label: "requires hot-shots", target: "hot-shots" },
];

/**
 * What the process has taken as it ends, in microseconds and bytes: an app prints it. What its parent is told is in milliseconds.
 * With what any app needs to print, which require-in-the-middle has loaded as it started.
 */
const TAKEN = `process.on("exit", () => {
  const { stdout } = process;
  const { user, system } = process.cpuUsage();
  stdout.write([user + system, process.memoryUsage.rss()].join());
});
`;

/** What the preload adds to the processor time and the memory of a process, beside what require-in-the-middle alone adds. */
export async function startUp() {
  const folder = mkdtempSync(join(tmpdir(), "flushguard-bench-"));
  try {
    const rows = nodes().flatMap((node) => APPS.map((app, index) => measure(node, app, join(folder, String(index)))));
    print(
      "Start-up: processor time and resident memory over an empty --import, CommonJS app; ÷ require-in-the-middle at most 1.0, 1.5 with a client",
      ["", "empty ms", "require-in-the-middle ms", "flushguard ms", "÷ require-in-the-middle", "memory ÷ empty"],
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
  const { empty: nothing, hook, flushguard } = writePreloads(cwd);
  const runs = alternated(
    [nothing, hook, flushguard].map((preload) => [node.binary, "--import", preload, main]),
    cwd,
    ROUNDS,
  ).map((all) => all.map(({ stdout }) => stdout.split(",").map(Number)));
  const times = runs.map((all) => all.map(([us = 0]) => us / 1000));
  const [empty = [], ...others] = times;
  const added = others.map((all) => median(all.map((ms, round) => ms - (empty[round] ?? 0))));
  const memory = runs.map((all) => median(all.map(([, bytes = 0]) => bytes)));
  return [
    `${node.name}, ${label}`,
    median(empty).toFixed(1),
    ...added.map((ms) => `+${ms.toFixed(1)}`),
    ratio((added[1] ?? 0) / (added[0] ?? 0)),
    ratio((memory[2] ?? 0) / (memory[0] ?? 0)),
  ];
}

/**
 * @param {string} cwd
 * @param {string | undefined} target
 * @returns path of its main file
 */
function writeApp(cwd, target) {
  const main = join(cwd, "app.cjs");
  mkdirSync(cwd, { recursive: true });
  writeFileSync(main, `${TAKEN}${target === undefined ? "" : `require(${JSON.stringify(target)});\n`}`);
  if (target === undefined) return main;
  const link = join(cwd, "node_modules", target);
  mkdirSync(dirname(link), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(installedPath(target), link);
  return main;
}
