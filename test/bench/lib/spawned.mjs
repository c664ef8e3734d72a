import { spawnSync } from "node:child_process";
import { environment } from "./paths.mjs";

/**
 * Times commands that take turns, each of them first equally often, so that what else the machine does meets all.
 * @param {readonly (readonly string[])[]} commands
 * @param {string} cwd
 * @param {number} rounds
 * @returns {number[][]} milliseconds from spawn to exit, by command and round
 */
export function alternated(commands, cwd, rounds) {
  /** @type {number[][]} */
  const took = commands.map(() => []);
  // The first round fills the disk's cache.
  for (let round = -1; round < rounds; round++) {
    const turns = [...commands.keys()];
    for (const turn of round % 2 === 0 ? turns : turns.reverse()) {
      const ms = spawned(commands[turn] ?? [], cwd);
      if (round >= 0) took[turn]?.push(ms);
    }
  }
  return took;
}

/**
 * @param {readonly string[]} command
 * @param {string} cwd
 * @returns milliseconds from spawn to exit
 */
function spawned([file = "", ...args], cwd) {
  const began = performance.now();
  const { status, stderr } = spawnSync(file, args, { cwd, env: environment(), stdio: ["ignore", "ignore", "pipe"] });
  if (status !== 0) throw new Error(`${file} ${args.join(" ")} ended with ${status}: ${stderr.toString()}`);
  return performance.now() - began;
}
