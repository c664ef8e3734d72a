import { duel } from "../lib/duel.mjs";
import { ns, print, range, ratio } from "../lib/print.mjs";

/** Whether an app's promises get slower: AsyncLocalStorage, which tells code inside a flush apart, slows them down on Node 20. */
export async function awaits() {
  const [unguarded, ...others] = await duel("awaits", [
    { args: { flush: "none" } },
    { args: { flush: "none" } },
    { args: { flush: "none" }, guarded: true },
    { args: { flush: "before", of: "aws-embedded-metrics" }, guarded: true },
    { args: { flush: "before" }, guarded: true },
    { args: { flush: "during" }, guarded: true },
  ]);
  const labels = [
    "unguarded again",
    "with the preload",
    "after a flush of aws-embedded-metrics",
    "after one that may run code of the app's own",
    "while such a one is in flight (no budget)",
  ];
  print(
    `An app's await of an async function, guarded ÷ unguarded, Node ${process.versions.node}: 1`,
    ["", "unguarded ns", "ns", "ratio", "rounds"],
    labels.map((label, index) => {
      const { median, ratio: of, ratios } = others[index];
      return [label, ns(unguarded.median), ns(median), ratio(of), range(ratios)];
    }),
  );
}
