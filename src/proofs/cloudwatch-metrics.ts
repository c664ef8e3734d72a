import { setImmediate as turn } from "node:timers/promises";
import { Ledger } from "./ledger.js";
import type { LoadClient, Outcome, Proof } from "./proof.js";
import { httpSink } from "./sinks/http.js";

interface Metric {
  put(value: number, name: string): void;
  shutdown(): void;
}

interface Client {
  initialize(config: object): void;
  Metric: new (namespace: string, units: string, dimensions: object[], options: object) => Metric;
}

interface Body {
  MetricData: { MetricName: string }[];
}

const FIRST = 30;
const LATER = 5;
const INTERVAL_MS = 50;
/** What the AWS SDK makes of one send. */
const ATTEMPTS = 3;

/** A client whose first send is refused, attempt by attempt. */
async function refusedOnce(load: LoadClient): Promise<Outcome> {
  const client = load.require("cloudwatch-metrics") as Client;
  const sink = await httpSink({ status: (n) => (n <= ATTEMPTS ? 503 : 200) });
  client.initialize({
    region: "us-east-1",
    endpoint: sink.url,
    credentials: { accessKeyId: "proof", secretAccessKey: "proof" },
    maxAttempts: ATTEMPTS,
  });
  const told: boolean[] = [];
  const metric = new client.Metric("proof", "Count", [], {
    maxCapacity: 2 * FIRST,
    sendInterval: INTERVAL_MS,
    sendCallback: (error: unknown) => told.push(!error),
  });
  const ended = async (sends: number): Promise<void> => {
    while (told.length < sends) await turn();
  };
  const metrics = new Ledger(
    () => sink.delivered,
    ({ body }) => (JSON.parse(body) as Body).MetricData.map(({ MetricName }) => MetricName),
  );
  try {
    while (metrics.size < FIRST) metric.put(1, metrics.add(`metric-${metrics.size}`));
    await ended(1);
    while (metrics.size < FIRST + LATER) metric.put(1, metrics.add(`metric-${metrics.size}`));
    await ended(2);
    metric.shutdown();
    return metrics.count();
  } finally {
    await sink.close();
  }
}

export const proof: Proof = {
  module: "cloudwatch-metrics",
  scenarios: [
    {
      name: "30 refused by the service, then 5 more",
      hazard: "failed send",
      run: refusedOnce,
    },
  ],
};
