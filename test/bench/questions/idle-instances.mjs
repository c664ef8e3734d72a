import { start } from "../lib/duel.mjs";
import { print } from "../lib/print.mjs";

/** What the guard keeps for instances that do nothing. */
export async function idleInstances() {
  const rows = [];
  for (const [label, instances, flushed] of /** @type {const} */ ([
    ["1,000,000 that have recorded", 1_000_000, false],
    ["100,000 that have also flushed", 100_000, true],
  ])) {
    const [unguarded, held, swapped] = await Promise.all(
      ["unguarded", "held", "swapped"].map((strategy) => measure({ strategy, instances, flushed })),
    );
    for (const [strategy, { each, left }] of /** @type {const} */ ([
      ["held", held],
      ["swapped", swapped],
    ])) {
      const extra = (each - unguarded.each).toFixed(1);
      rows.push([`${label}, ${strategy}`, unguarded.each.toFixed(1), each.toFixed(1), extra, left.toFixed(2)]);
    }
  }
  print(
    "Heap kept by idle instances, bytes each: 0 more, and 0 left when they are gone",
    ["", "unguarded", "guarded", "more", "left when gone"],
    rows,
  );
}

/** @param {object} args of the workload */
async function measure(args) {
  const flags = ["--expose-gc", "--max-old-space-size=1024"];
  const process = await start("idle-instances", { args, flags }, 0);
  const result = await process.batch();
  process.end();
  return result;
}
