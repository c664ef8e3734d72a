import { senders } from "../../senders/senders.mjs";
import { duel } from "../lib/duel.mjs";
import { print, range, ratio } from "../lib/print.mjs";

/** Whether a client sends as much as before. */
export async function throughput() {
  const rows = [];
  for (const client of Object.keys(senders)) {
    const variants = [{ args: { client } }, { args: { client, guarded: true }, guarded: true }];
    try {
      const [unguarded, guarded] = await duel("throughput", variants, { rounds: 3, batches: 3, warmUpMs: 1 });
      const perSecond = [unguarded, guarded].map(({ median }) => Math.round(median).toLocaleString("en"));
      rows.push([client, ...perSecond, ratio(guarded.ratio), range(guarded.ratios)]);
    } catch (error) {
      rows.push([client, "", "", "not measured", String(error)]);
    }
  }
  print(
    "Records a second against a server with 100 ms latency, guarded ÷ unguarded: at least 0.95 each",
    ["", "unguarded", "guarded", "ratio", "rounds"],
    rows,
  );
}
