import { setImmediate as turn } from "node:timers/promises";
import { Ledger } from "./ledger.js";
import type { LoadClient, Outcome, Proof } from "./proof.js";
import { type HttpSink, httpSink, type SinkRequest } from "./sinks/http.js";

interface Counter {
  inc(): void;
}

interface Metric {
  name: string;
  metricImpl: { toJSON(): number };
}

interface Registry {
  getOrCreateCounter(name: string): Counter;
  shutdown(): void;
}

interface Client {
  Reporter: new (options: object) => object;
  SelfReportingMetricsRegistry: new (reporter: object) => Registry;
}

/** What an app writes: sends the metrics of one interval. */
type Report = (metrics: readonly Metric[], sink: HttpSink, count: (times: number) => void) => unknown;

const FIRST = 10;
const INSIDE = 3;
const INTERVAL_SECONDS = 0.05;
const REPORTS = 4;

const read = (metrics: readonly Metric[]): [string, number][] =>
  metrics.map(({ name, metricImpl }) => [name, metricImpl.toJSON()]);

async function send(sink: HttpSink, counts: [string, number][]): Promise<void> {
  const { ok } = await fetch(sink.url, { method: "POST", body: JSON.stringify(counts) });
  if (!ok) throw new Error("refused");
}

/** A name for each time that its counter was counted. */
function namesIn({ body }: SinkRequest): string[] {
  return (JSON.parse(body) as [string, number][]).flatMap(([name, times]) => Array<string>(times).fill(name));
}

/** Counts each counter once, before the first report or inside it. */
async function reports(load: LoadClient, refused: number, report: Report): Promise<Outcome> {
  const { Reporter, SelfReportingMetricsRegistry } = load.require("measured-reporting") as Client;
  const sink = await httpSink({ status: (n) => (n <= refused ? 503 : 200) });
  let begun = 0;
  /** Of these, those that began when the refused ones had arrived. */
  let later = 0;
  const counted = new Ledger(() => sink.delivered, namesIn);
  class HttpReporter extends Reporter {
    _reportMetrics(metrics: readonly Metric[]): unknown {
      begun++;
      if (sink.requests.length >= refused) later++;
      return report(metrics, sink, count);
    }
  }
  const options = { resetMetricsOnInterval: true, defaultReportingIntervalInSeconds: INTERVAL_SECONDS };
  const registry = new SelfReportingMetricsRegistry(new HttpReporter(options));
  const names = Array.from({ length: FIRST + INSIDE }, (_, n) => `counter-${n}`);
  for (const name of names) registry.getOrCreateCounter(name);
  const count = (times: number): void => {
    for (const name of names.slice(counted.size, counted.size + times)) {
      registry.getOrCreateCounter(counted.add(name)).inc();
    }
  };
  try {
    count(FIRST);
    while (later < REPORTS) await turn();
    registry.shutdown();
    while (sink.requests.length < begun) await turn();
    return counted.count();
  } finally {
    registry.shutdown();
    await sink.close();
  }
}

export const proof: Proof = {
  module: "measured-reporting",
  scenarios: [
    {
      name: "a report that reads its counters after an await",
      hazard: "lost update",
      run: (load) =>
        reports(load, 0, async (metrics, sink) => {
          await turn();
          await send(sink, read(metrics));
        }),
    },
    {
      name: "counting inside a report",
      hazard: "re-entrancy",
      run: (load) =>
        reports(load, 0, (metrics, sink, count) => {
          const counts = read(metrics);
          count(INSIDE);
          return send(sink, counts);
        }),
    },
    {
      name: "HTTP 503, then 200",
      hazard: "failed send",
      run: (load) => {
        // An app without this ends here, guarded or not.
        process.on("unhandledRejection", () => {});
        return reports(load, 1, (metrics, sink) => send(sink, read(metrics)));
      },
    },
  ],
};
