// Puts metrics while flush() is sending, and calls flush() while another one is. Nothing leaves the process.
import { setTimeout as delay } from "node:timers/promises";

// Otherwise the client looks for the metadata of an EC2 instance as it loads.
process.env.AWS_EMF_ENVIRONMENT = "Local";
const { MetricsLogger } = await import("aws-embedded-metrics");
type Environment = Awaited<ReturnType<ConstructorParameters<typeof MetricsLogger>[0]>>;

function newLogger() {
  const delivered: number[] = [];
  const sink = {
    name: "slow",
    // As the client's own sinks do: reads the context at once, and then takes its time.
    async accept(context: { metrics: Map<string, { values: number[] }> }) {
      const values = [...(context.metrics.get("value")?.values ?? [])];
      await delay(50);
      delivered.push(...values);
    },
  };
  const environment = {
    getName: () => "reproduction",
    getType: () => "reproduction",
    getLogGroupName: () => "reproduction",
    configureContext: () => undefined,
    getSink: () => sink,
  };
  return { logger: new MetricsLogger(async () => environment as unknown as Environment), delivered };
}

function report(what: string, recorded: number, delivered: number[]) {
  console.log(`${what}: ${recorded} put, ${delivered.length} delivered, ${new Set(delivered).size} of them different`);
  if (delivered.length !== recorded) process.exitCode = 1;
}

{
  const { logger, delivered } = newLogger();
  for (let value = 0; value < 100; value++) logger.putMetric("value", value);
  const flushing = logger.flush();
  await delay(10);
  for (let value = 100; value < 150; value++) logger.putMetric("value", value);
  await flushing;
  await logger.flush();
  report("metrics put during a flush", 150, delivered);
}

{
  const { logger, delivered } = newLogger();
  for (let value = 0; value < 100; value++) logger.putMetric("value", value);
  await Promise.all([logger.flush(), logger.flush(), logger.flush()]);
  report("three overlapping flushes", 100, delivered);
}
