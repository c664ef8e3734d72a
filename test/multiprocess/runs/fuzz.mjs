/**
 * Mutated, truncated and spliced files beside a good one.
 *
 *     node test/multiprocess/runs/fuzz.mjs [files] [seed]
 */
import { print } from "../../bench/lib/print.mjs";
import { runFuzz } from "../lib/fuzz.mjs";

const [files = "100000", seed = "1"] = process.argv.slice(2);
const { scrapes, failed, uncounted, skipped, newer, left } = await runFuzz(Number(files), Number(seed));
print(
  `${files} damaged files beside a good one, seed ${seed}`,
  ["", "scrapes", "failed", "good file not counted", "skipped", "newer", "files left"],
  [["guarded", ...[scrapes, failed, uncounted, skipped, newer, left].map(String)]],
);
