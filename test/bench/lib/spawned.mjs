import { spawnSync } from "node:child_process";
import { environment } from "./paths.mjs";

/**
 * @typedef {object} Run
 * @property {number} ms from spawn to exit
 * @property {number} cpuMs processor time, in user and kernel mode
 * @property {string} stdout
 */

/**
 * Runs commands that take turns, each of them first equally often, so that what else the machine does meets all.
 * @param {readonly (readonly string[])[]} commands
 * @param {string} cwd
 * @param {number} rounds
 * @returns {Run[][]} by command and round
 */
export function alternated(commands, cwd, rounds) {
  /** @type {Run[][]} */
  const runs = commands.map(() => []);
  // The first round fills the disk's cache.
  for (let round = -1; round < rounds; round++) {
    for (const turn of turns(commands.length, round + 1)) {
      const run = spawned(commands[turn] ?? [], cwd);
      if (round >= 0) runs[turn]?.push(run);
    }
  }
  return runs;
}

/**
 * Rotated, and reversed every other time.
 * @param {number} count
 * @param {number} round
 */
function turns(count, round) {
  const order = Array.from({ length: count }, (_, turn) => (turn + (round >> 1)) % count);
  return round % 2 === 0 ? order : order.reverse();
}

/** bash tells the processor time of what it runs without its own, which Node does not tell of a child. */
const TIMED = 'TIMEFORMAT="processor time: %U %S"; time "$@"';

/**
 * @param {readonly string[]} command
 * @param {string} cwd
 * @returns {Run}
 */
function spawned(command, cwd) {
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync("bash", ["-c", TIMED, "bash", ...command], {
    cwd,
    env: { ...environment(), LC_ALL: "C" },
    encoding: "utf8",
  });
  const ms = performance.now() - began;
  const [, user, system] = /processor time: (\S+) (\S+)\n$/.exec(stderr) ?? [];
  if (status !== 0) throw new Error(`${command.join(" ")} ended with ${status}: ${stderr}`);
  return { ms, cpuMs: (Number(user) + Number(system)) * 1000, stdout };
}
