// Flushes and stops while another flush is sending. Nothing leaves the process.
import { setTimeout as delay } from "node:timers/promises";
import metrics from "datadog-metrics";

function newLogger() {
  const delivered: string[] = [];
  const reporter = {
    async report(series: { metric: string }[]) {
      await delay(50);
      delivered.push(...series.map(({ metric }) => metric));
    },
  };
  const logger = new metrics.BufferedMetricsLogger({ reporter, flushIntervalSeconds: 0 } as never);
  for (let metric = 0; metric < 10; metric++) logger.gauge(`metric-${metric}`, 1);
  return { logger, delivered };
}

function report(what: string, delivered: string[]) {
  console.log(`${what}: 10 recorded, ${delivered.length} delivered`);
  if (delivered.length !== 10) process.exitCode = 1;
}

{
  const { logger, delivered } = newLogger();
  const first = logger.flush();
  await logger.flush();
  report("await flush() during a flush, as before process.exit()", delivered);
  await first;
}

// Since 0.12.1.
for (const args of [[], [{}]]) {
  const { logger, delivered } = newLogger();
  if (!("stop" in logger)) break;
  const first = logger.flush();
  await logger.stop(...args);
  report(`await stop(${args.length > 0 ? "{}" : ""}) during a flush`, delivered);
  await first;
}
