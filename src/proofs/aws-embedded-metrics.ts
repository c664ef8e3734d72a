import { setTimeout as delay, setImmediate as turn } from "node:timers/promises";
import { Ledger } from "./ledger.js";
import type { LoadClient, Outcome, Proof } from "./proof.js";
import { type JsonLinesSink, jsonLinesSink } from "./sinks/json-lines.js";

interface Logger {
  putMetric(name: string, value: number, unit?: string): Logger;
  setProperty(name: string, value: unknown): Logger;
  flush(): Promise<void>;
}

interface Client {
  MetricsLogger: new (resolveEnvironment: () => Promise<unknown>) => Logger;
  AgentSink: new (logGroupName: string) => unknown;
  Configuration: { agentEndpoint: string | undefined };
}

/** An Embedded Metric Format document, as far as values go. */
interface EmfDocument extends Readonly<Record<string, unknown>> {
  _aws: { CloudWatchMetrics: { Metrics: { Name: string }[] }[] };
}

/** An app whose loggers share one agent and one connection to it, as they do outside Lambda. */
interface App {
  logger: Logger;
  /** Puts this many values into the logger, each a number of its own. */
  record: (count: number) => void;
  /** Makes the agent stop reading, its socket's buffers full: a send now lasts until the agent resumes. */
  stall: () => Promise<void>;
  agent: JsonLinesSink;
}

/** More than the kernel takes for a connection nobody reads from. */
const BACKLOG_BYTES = 8 * 1024 * 1024;

async function withAgent(load: LoadClient, drive: (app: App) => Promise<void>): Promise<Outcome> {
  // Otherwise the client asks for the metadata of an EC2 instance as it loads, over the network.
  process.env.AWS_EMF_ENVIRONMENT ??= "Agent";
  const { MetricsLogger, AgentSink, Configuration } = load.require("aws-embedded-metrics") as Client;
  const agent = await jsonLinesSink();
  Configuration.agentEndpoint = `tcp://127.0.0.1:${agent.port}`;
  const sink = new AgentSink("proof");
  const environment = {
    getName: () => "proof",
    getType: () => "proof",
    getLogGroupName: () => "proof",
    configureContext: () => undefined,
    getSink: () => sink,
  };
  const newLogger = (): Logger => new MetricsLogger(async () => environment);
  const passed = async (mark: string): Promise<void> => {
    await newLogger().setProperty("mark", mark).flush();
    await agent.arrival((document) => (document as EmfDocument).mark === mark);
  };

  const logger = newLogger();
  const values = new Ledger(
    () => agent.documents,
    (document) => valuesOf(document as EmfDocument).map(String),
  );
  const backlog: Promise<void>[] = [];
  try {
    await passed("connected");
    await drive({
      agent,
      logger,
      record: (count) => {
        for (let i = 0; i < count; i++) logger.putMetric("value", Number(values.add(String(values.size))), "Count");
      },
      stall: async () => {
        agent.stall();
        backlog.push(newLogger().setProperty("backlog", "x".repeat(BACKLOG_BYTES)).flush());
        await turn();
      },
    });
    await logger.flush();
    await Promise.all(backlog);
    await passed("everything");
  } finally {
    await agent.close();
  }
  return values.count();
}

function valuesOf(document: EmfDocument): unknown[] {
  const metrics = document._aws.CloudWatchMetrics.flatMap((directive) => directive.Metrics);
  return metrics.flatMap(({ Name }) => document[Name]);
}

async function recordsDuringFlush(load: LoadClient): Promise<Outcome> {
  return withAgent(load, async ({ agent, logger, record, stall }) => {
    await stall();
    record(100);
    const flushing = logger.flush();
    await turn();
    record(50);
    await delay(50);
    agent.resume();
    await flushing;
  });
}

async function overlappingFlushes(load: LoadClient): Promise<Outcome> {
  return withAgent(load, async ({ agent, logger, record, stall }) => {
    await stall();
    record(100);
    const flushing = [logger.flush(), logger.flush(), logger.flush()];
    await delay(50);
    agent.resume();
    await Promise.all(flushing);
  });
}

async function stalledUnderLoad(load: LoadClient): Promise<Outcome> {
  return withAgent(load, async ({ agent, logger, record, stall }) => {
    const rounds = 300;
    let working = true;
    const flushing = (async () => {
      while (working) {
        await logger.flush();
        await delay(10);
      }
    })();
    for (let round = 0; round < rounds; round++) {
      if (round === 100) await stall();
      if (round === 140) agent.resume();
      record(20);
      await delay(1);
    }
    working = false;
    await flushing;
  });
}

export const proof: Proof = {
  module: "aws-embedded-metrics",
  scenarios: [
    { name: "records during a 50 ms flush", hazard: "lost update", run: recordsDuringFlush },
    { name: "three overlapping flushes", hazard: "double send", run: overlappingFlushes },
    { name: "a stalled agent under load", hazard: "lost update", run: stalledUnderLoad },
  ],
};
