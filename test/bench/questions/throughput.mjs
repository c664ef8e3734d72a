import { duel } from "../lib/duel.mjs";
import { print, range, ratio } from "../lib/print.mjs";

/** Whether a client sends as much as before. */
export async function throughput() {
  const rows = [];
  for (const client of ["datadog-metrics", "hot-shots"]) {
    const args = { client };
    const options = { rounds: 3, batches: 2, warmUpMs: 1 };
    const [unguarded, guarded] = await duel("throughput", [{ args }, { args, guarded: true }], options);
    const perSecond = [unguarded, guarded].map(({ median }) => Math.round(median).toLocaleString("en"));
    rows.push([client, ...perSecond, ratio(guarded.ratio), range(guarded.ratios)]);
  }
  print(
    "Records a second against a sink with 100 ms latency, guarded ÷ unguarded: at least 0.95",
    ["", "unguarded", "guarded", "ratio", "rounds"],
    rows,
  );
}
