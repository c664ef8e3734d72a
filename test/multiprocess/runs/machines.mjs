/**
 * Four machines, each a directory, with two processes each that count to 100: what a real Pushgateway and a real Prometheus
 * make of it.
 *
 *     node test/multiprocess/runs/machines.mjs
 */

import { print } from "../../bench/lib/print.mjs";
import { pushed, RECORDED, scraped } from "../lib/machines.mjs";

const rows = [
  ["Pushgateway, no grouping key, today", await pushed({ guarded: false, grouped: false })],
  ["Pushgateway, no grouping key, guarded", await pushed({ guarded: true, grouped: false })],
  ["Pushgateway, one per machine, today", await pushed({ guarded: false, grouped: true })],
  ["Pushgateway, one per machine, guarded", await pushed({ guarded: true, grouped: true })],
  ["Prometheus, prometheus.yml", await scraped("prometheus.yml")],
  ["Prometheus, scrape_configs of otel-collector.yml", await scraped("otel-collector.yml")],
];

print(
  `4 machines, ${RECORDED} recorded`,
  ["", "delivered"],
  rows.map((row) => row.map(String)),
);
