/**
 * Four machines, each a directory, with two processes each that count to 100: what a real Pushgateway and a real Prometheus
 * make of it, and an OpenTelemetry collector that is there.
 *
 *     node test/multiprocess/runs/machines.mjs [PATH_OF_OTELCOL_CONTRIB]
 */

import { print } from "../../bench/lib/print.mjs";
import { collected, pushed, RECORDED, scraped } from "../lib/machines.mjs";

const [collector] = process.argv.slice(2);

const rows = [
  ["Pushgateway, no grouping key, today", await pushed({ guarded: false, grouped: false })],
  ["Pushgateway, no grouping key, guarded", await pushed({ guarded: true, grouped: false })],
  ["Pushgateway, one per machine, today", await pushed({ guarded: false, grouped: true })],
  ["Pushgateway, one per machine, guarded", await pushed({ guarded: true, grouped: true })],
  ["Prometheus, prometheus.yml", await scraped("prometheus.yml")],
  ["Prometheus, scrape_configs of otel-collector.yml", await scraped("otel-collector.yml")],
  ...(collector === undefined ? [] : [["OpenTelemetry collector, otel-collector.yml", await collected(collector)]]),
];

print(
  `4 machines, ${RECORDED} recorded`,
  ["", "delivered"],
  rows.map((row) => row.map(String)),
);
