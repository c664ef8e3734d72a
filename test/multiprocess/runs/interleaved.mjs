/**
 * A reader that is held up before each of its system calls, while other processes grow, lay out and lose their files: scrapes
 * in which a counter fell, totals that were wrong at the end, files that were condemned.
 *
 *     node test/multiprocess/runs/interleaved.mjs
 */
import { print } from "../../bench/lib/print.mjs";
import { runInterleaved } from "../lib/interleaved.mjs";

const { runs, fell, wrong, condemned } = await runInterleaved();
print(
  "A reader held before each of its system calls; after each seven scrapes",
  ["", "held", "fell", "wrong at the end", "condemned"],
  [["guarded", ...[runs, fell, wrong, condemned].map(String)]],
);
