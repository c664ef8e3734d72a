/**
 * Processes that come and go, every other one killed: what is left in the directory, and what is counted.
 *
 *     node test/multiprocess/runs/generations.mjs [package] [generations]
 */
import { print } from "../../bench/lib/print.mjs";
import { runGenerations } from "../lib/generations.mjs";

const [client = "prom-client", generations = "500"] = process.argv.slice(2);
const AT_ONCE = 4;

const { recorded, delivered, observed, most, left, backwards } = await runGenerations(
  client,
  Number(generations),
  AT_ONCE,
);
print(
  `${generations} processes of ${client}, ${AT_ONCE} at a time, every other one killed`,
  ["", "recorded", "delivered", "observed", "backwards", "most files", "files left"],
  [["guarded", recorded.toFixed(1), delivered.toFixed(9), ...[observed, backwards, most, left].map(String)]],
);
