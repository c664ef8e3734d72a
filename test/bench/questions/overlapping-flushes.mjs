import { duel } from "../lib/duel.mjs";
import { print, range, ratio } from "../lib/print.mjs";

/** What flushes cost that a client has in flight together, as one that detaches its batch may. */
export async function overlappingFlushes() {
  const rows = [];
  for (const what of /** @type {const} */ (["time", "memory"])) {
    const [unguarded, again, guarded] = await duel(
      "overlapping-flushes",
      [{ guarded: false }, { guarded: false }, { guarded: true }].map((args) => ({
        args: { ...args, what },
        flags: ["--expose-gc"],
      })),
      { rounds: 3, batches: 7, warmUpMs: 300 },
    );
    const unit = what === "time" ? "ns" : "bytes";
    rows.push([
      `${what}, ${unit} each`,
      unguarded.median.toFixed(0),
      guarded.median.toFixed(0),
      ratio(guarded.ratio),
      range(guarded.ratios),
      ratio(again.ratio),
    ]);
  }
  print(
    "5,000 flushes in flight together, of a class that detaches its batch, guarded ÷ unguarded: at most 2",
    ["", "unguarded", "guarded", "ratio", "rounds", "unguarded ÷ itself"],
    rows,
  );
}
