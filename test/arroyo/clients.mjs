// The clients that the scenarios of app.mjs drive, behind one face. Each sends over a loopback connection of its own and
// takes a while for it.
import { once } from "node:events";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { tcpSink } from "../../dist/src/proofs/sinks/tcp.js";

const require = createRequire(`${process.cwd()}/`);

/** arroyo-metrics-buffer, sending statsd lines. @param latencyMs milliseconds for each metric sent */
export async function arroyo(latencyMs) {
  const { MetricsBuffer } = require("arroyo-metrics-buffer");
  const sink = await tcpSink();
  const connection = connect(sink.port, "127.0.0.1");
  await once(connection, "connect");
  const send = async (line) => {
    connection.write(`${line}\n`);
    await sleep(latencyMs);
  };
  const recorded = new Totals();

  /** Counts whatever is recorded, also by the package itself. */
  class CountingBuffer extends MetricsBuffer {
    incrCounter(metric, delta) {
      recorded.add(metric, delta);
      super.incrCounter(metric, delta);
    }
    incrTimer(metric, milliseconds) {
      recorded.add(metric, milliseconds);
      super.incrTimer(metric, milliseconds);
    }
  }

  const buffer = new CountingBuffer({
    timing: (metric, milliseconds) => send(`${metric}:${milliseconds}|ms`),
    increment: (metric, delta) => send(`${metric}:${delta}|c`),
  });
  return {
    buffer,
    count: (name, delta) => buffer.incr(name, delta),
    time: (name, milliseconds) => buffer.incrTiming(name, milliseconds),
    flush: () => buffer.flush(),
    buffered: () => ({ ...buffer.counters, ...buffer.timers }),
    recorded: () => recorded.byMetric,
    sent: () => Totals.of(sink.lines.map((line) => /^(.+):(\d+)\|/.exec(line).slice(1))),
    arrived: () => sink.idle(),
    close: () => {
      connection.destroy();
      return sink.close();
    },
  };
}

/** aws-embedded-metrics, sending to an agent over TCP. @param latencyMs milliseconds for each flush */
export async function aws(latencyMs) {
  // Otherwise the client asks for the metadata of an EC2 instance as it loads, over the network.
  process.env.AWS_EMF_ENVIRONMENT = "Agent";
  const { AgentSink, Configuration, MetricsLogger } = require("aws-embedded-metrics");
  const sink = await tcpSink();
  Configuration.agentEndpoint = `tcp://127.0.0.1:${sink.port}`;
  const agent = new AgentSink("test");
  const environment = {
    getName: () => "test",
    getType: () => "test",
    getLogGroupName: () => "test",
    configureContext: () => {},
    getSink: () => ({
      async accept(context) {
        await agent.accept(context);
        await sleep(latencyMs);
      },
    }),
  };
  const logger = new MetricsLogger(async () => environment);
  const recorded = new Totals();
  const put = (name, value, unit) => {
    recorded.add(name, value);
    logger.putMetric(name, value, unit);
  };
  return {
    count: (name, delta) => put(name, delta, "Count"),
    time: (name, milliseconds) => put(name, milliseconds, "Milliseconds"),
    flush: () => logger.flush(),
    buffered: () => Object.fromEntries(logger.context.metrics),
    recorded: () => recorded.byMetric,
    sent: () => Totals.of(sink.lines.map((line) => JSON.parse(line)).flatMap(valuesOf)),
    arrived: () => sink.idle(),
    close: () => sink.close(),
  };
}

function valuesOf(document) {
  const metrics = document._aws.CloudWatchMetrics.flatMap((directive) => directive.Metrics);
  return metrics.flatMap(({ Name }) => [document[Name]].flat().map((value) => [Name, value]));
}

class Totals {
  byMetric = {};

  static of(values) {
    const totals = new Totals();
    for (const [metric, value] of values) totals.add(metric, Number(value));
    return totals.byMetric;
  }

  add(metric, value) {
    this.byMetric[metric] = (this.byMetric[metric] ?? 0) + value;
  }
}
