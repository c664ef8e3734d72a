import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { environment, REGISTER, workloadUrl } from "./paths.mjs";
import { median } from "./statistics.mjs";

const CHILD = fileURLToPath(new URL("./child.mjs", import.meta.url));

/**
 * @typedef {object} Variant
 * @property {boolean} [guarded] started with the preload
 * @property {unknown} [args] given to the workload
 * @property {readonly string[]} [flags] of Node
 * @property {Readonly<Record<string, string>>} [env] further variables
 */

/**
 * @typedef {object} Score
 * @property {number} median what its batches measured
 * @property {number} ratio its batches ÷ those of the first variant: median of each round's median
 * @property {readonly [number, number]} ratios the least and the greatest of the rounds
 * @property {number} difference its batches − those of the first variant: median of each round's median
 * @property {readonly [number, number]} differences the least and the greatest of the rounds
 */

/**
 * Compares variants of a workload. Each has a process of its own, so they share no code that one's calls could
 * optimise or deoptimise for another. They are up at the same time and take turns batch by batch, each going first
 * equally often: what else the machine does meets all of them. A round is a set of new processes, as where the
 * compiler and the heap of one happen to end up is luck.
 * @param {string} workload name of a file in workloads/
 * @param {readonly Variant[]} variants the first is what the others are compared to
 * @param {{ rounds?: number, batches?: number, warmUpMs?: number }} [options]
 * @returns {Promise<Score[]>} in the order of the variants
 */
export async function duel(workload, variants, { rounds = 7, batches = 30, warmUpMs = 200 } = {}) {
  /** @type {number[][][]} by round, variant and batch */
  const measured = [];
  for (let round = 0; round < rounds; round++) {
    const children = await Promise.all(variants.map((variant) => start(workload, variant, warmUpMs)));
    /** @type {number[][]} */
    const results = variants.map(() => []);
    for (let batch = 0; batch < batches; batch++) {
      for (const turn of turns(variants.length, round + batch)) results[turn]?.push(await children[turn]?.batch());
    }
    for (const child of children) child.end();
    measured.push(results);
  }
  return variants.map((_, index) => score(measured, index));
}

/**
 * The order of a batch: rotated, and reversed every other time.
 * @param {number} count
 * @param {number} batch
 */
function turns(count, batch) {
  const order = Array.from({ length: count }, (_, turn) => (turn + (batch >> 1)) % count);
  return batch % 2 === 0 ? order : order.reverse();
}

/**
 * @param {readonly number[][][]} measured
 * @param {number} index
 * @returns {Score}
 */
function score(measured, index) {
  const perRound = (/** @type {(value: number, base: number) => number} */ compare) =>
    measured.map((variants) =>
      median(variants[index]?.map((value, batch) => compare(value, variants[0]?.[batch] ?? Number.NaN)) ?? []),
    );
  const ratios = perRound((value, base) => value / base);
  const differences = perRound((value, base) => value - base);
  return {
    median: median(measured.map((variants) => median(variants[index] ?? []))),
    ratio: median(ratios),
    ratios: [Math.min(...ratios), Math.max(...ratios)],
    difference: median(differences),
    differences: [Math.min(...differences), Math.max(...differences)],
  };
}

/**
 * @param {string} workload
 * @param {Variant} variant
 * @param {number} warmUpMs
 */
export async function start(workload, { guarded = false, args = null, flags = [], env = {} }, warmUpMs) {
  const preload = guarded ? ["--import", REGISTER] : [];
  const child = spawn(
    process.execPath,
    [...flags, ...preload, CHILD, workloadUrl(workload), JSON.stringify(args), String(warmUpMs)],
    { env: { ...environment(), ...env }, stdio: ["ignore", "inherit", "inherit", "ipc"] },
  );
  const answer = async () => {
    const ended = new AbortController();
    const [value] = await Promise.race([
      once(child, "message", { signal: ended.signal }),
      once(child, "exit", { signal: ended.signal }).then(([code]) => {
        throw new Error(`the process of ${workload} ended with ${code}`);
      }),
    ]).finally(() => ended.abort());
    return value;
  };
  await answer();
  return {
    batch() {
      child.send("batch");
      return answer();
    },
    end: () => child.disconnect(),
  };
}
