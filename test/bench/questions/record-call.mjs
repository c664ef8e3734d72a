import { duel } from "../lib/duel.mjs";
import { ns, print, range, ratio } from "../lib/print.mjs";

const CLIENTS = [
  ["hot-shots", "increment"],
  ["aws-embedded-metrics", "putMetric"],
  ["flagsmith-nodejs", "trackFeature"],
];

/** What the guard costs a record call while nothing is in flight. */
export async function recordCall() {
  const rows = [];
  for (const [client, method] of CLIENTS) {
    const [unguarded, control, guarded] = await duel(
      "record-call",
      [false, false, true].map((on) => ({ guarded: on, args: { client, guarded: on } })),
      { rounds: 9, batches: 40 },
    );
    rows.push([
      `${client} ${method}`,
      ns(unguarded.median),
      ns(guarded.median),
      ratio(guarded.ratio),
      range(guarded.ratios),
      ratio(control.ratio),
      range(control.ratios),
    ]);
  }
  print(
    "Idle record call, guarded ÷ unguarded: at most 1.05",
    ["", "unguarded ns", "guarded ns", "ratio", "rounds", "unguarded ÷ itself", "rounds"],
    rows,
  );
}

/** The same on a method with nothing to hide the cost behind. */
export async function emptyMethod() {
  const rows = [];
  for (const classes of [1, 8]) {
    const strategies = ["unguarded", "unguarded", "held", "swapped"];
    const scores = await duel(
      "empty-method",
      strategies.map((strategy) => ({ args: { strategy, classes } })),
      { rounds: 5 },
    );
    for (const [index, strategy] of strategies.entries()) {
      if (index === 0) continue;
      const { median, difference, differences } = scores[index];
      const form = classes === 1 ? "inlined" : `one of ${classes} classes, not inlined`;
      rows.push([`${strategy}, ${form}`, ns(scores[0].median), ns(median), ns(difference), range(differences, 1)]);
    }
  }
  print("Added to a method that does nothing: at most 5 ns", ["", "unguarded ns", "ns", "added ns", "rounds"], rows);
}
