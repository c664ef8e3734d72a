import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeGraph } from "../lib/module-graph.mjs";
import { nodes } from "../lib/paths.mjs";
import { writePreloads } from "../lib/preloads.mjs";
import { print, ratio } from "../lib/print.mjs";
import { alternated } from "../lib/spawned.mjs";
import { median } from "../lib/statistics.mjs";

const ROUNDS = 7;

/** What the preload adds to the loading of modules that are no client's. */
export async function moduleLoading() {
  const folder = mkdtempSync(join(tmpdir(), "flushguard-bench-"));
  try {
    const { empty, hook, flushguard } = writePreloads(folder);
    const rows = [];
    for (const format of /** @type {const} */ (["cjs", "mjs"])) {
      const app = writeGraph(folder, format);
      for (const { name, binary } of nodes()) {
        const runs = alternated(
          [empty, empty, hook, flushguard].map((preload) => [binary, "--import", preload, app]),
          folder,
          ROUNDS,
        ).map((all) => all.map(({ stdout }) => Number(stdout)));
        const [nothing = [], ...others] = runs;
        rows.push([
          `${name}, 500 ${format === "cjs" ? "CommonJS" : "ES"} modules`,
          median(nothing).toFixed(1),
          ...others.map((took) => ratio(median(took.map((ms, round) => ms / (nothing[round] ?? Number.NaN))))),
        ]);
      }
    }
    print(
      "Processor time of loading modules ÷ under an empty --import: at most 1.10, ES modules 1.03",
      ["", "empty ms", "empty ÷ itself", "require-in-the-middle", "flushguard"],
      rows,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
