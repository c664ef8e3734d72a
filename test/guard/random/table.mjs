/** What was counted, to read. */
export function table({ runs, worse, flaws, declined, totals }, arguments_) {
  const row = (name, ...numbers) =>
    `${name.padEnd(14)}${numbers.map((number) => String(number).padStart(10)).join("")}`;
  const byCount =
    (field) =>
    ([, a], [, b]) =>
      field === undefined ? b - a : b[field] - a[field];
  const percent = (part) => `${((100 * part) / runs).toFixed(1)}%`;
  return [
    `${runs} programs (${arguments_})`,
    "",
    `${row("worse", "programs", "declared")}  seeds`,
    ...Object.entries(worse)
      .sort(byCount("all"))
      .map(([kind, { all, declared, seeds }]) => `${row(kind, all, declared)}  ${seeds.slice(0, 5).join(" ")}`),
    row("all", totals.worse, totals.declaredWorse),
    "",
    row("unguarded", "programs", "still so"),
    ...Object.entries(flaws).map(([kind, { without, still }]) => row(kind, without, still)),
    row("all", totals.flaws, totals.still),
    "",
    `declined       ${totals.declined} (${percent(totals.declined)})`,
    ...Object.entries(declined)
      .sort(byCount())
      .slice(0, 12)
      .map(([reason, times]) => `${String(times).padStart(10)}  ${reason.split("\n")[0]}`),
  ].join("\n");
}
