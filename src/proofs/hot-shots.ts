import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Ledger } from "./ledger.js";
import type { LoadClient, Outcome, Proof } from "./proof.js";
import { tcpSink } from "./sinks/tcp.js";
import { type LineSink, nameIn, udpSink } from "./sinks/udp.js";

type Callback = (error?: unknown) => void;

interface Client {
  increment(name: string): void;
  childClient(): Client;
  /** Since 17.0.0. */
  flush?(callback: Callback): void;
  flushQueue(callback: Callback): void;
  close(callback: Callback): void;
}

const packetLimit = 1400;

/** Opens a client that sends nothing but what the scenario records, whatever DD_* variables are set. */
function open(load: LoadClient, options: object): Client {
  const StatsD = load.require("hot-shots") as new (options: object) => Client;
  return new StatsD({
    host: "127.0.0.1",
    datadog: false,
    includeDatadogTelemetry: false,
    includeDataDogTags: false,
    ...options,
  });
}

function flush(client: Client, callback: Callback): void {
  if (client.flush) client.flush(callback);
  else client.flushQueue(callback);
}

const flushed = (client: Client) => new Promise<void>((resolve) => flush(client, () => resolve()));
/** hot-shots gives up on sends in flight after 550 ms, and never calls back where a TCP socket is already closed. */
const closed = (client: Client) =>
  Promise.race([new Promise<void>((resolve) => client.close(() => resolve())), sleep(1000, undefined, { ref: false })]);

const ledgerOf = (sink: LineSink) =>
  new Ledger(
    () => sink.lines,
    (line) => [nameIn(line)],
  );

/** Counts what arrived once the sink is quiet, and frees both ends. */
async function settle(client: Client, sink: LineSink, names: Ledger<string>): Promise<Outcome> {
  await sink.idle();
  await closed(client);
  await sink.idle();
  await sink.close();
  return names.count();
}

async function incrementInFlushCallback(load: LoadClient): Promise<Outcome> {
  const sink = await udpSink();
  const names = ledgerOf(sink);
  const client = open(load, { port: sink.port, maxBufferSize: packetLimit });
  await new Promise<void>((resolve) =>
    flush(client, () => {
      client.increment(names.add("flush.done"));
      resolve();
    }),
  );
  await flushed(client);
  return settle(client, sink, names);
}

/** Unguarded the handler would be called for ever: hot-shots reports even the overflow of the stack to it. */
const handlerLimit = 5000;

/** What the two scenarios of the errorHandler show. */
const endless = "What the errorHandler records fails to be sent too, at once, and calls the errorHandler again.";
/** What the two scenarios of child clients show. */
const oversized =
  "All child clients write into one buffer, and each counts only its own bytes: the packet grows past its limit.";

/**
 * The agent resets the connection and goes on listening. Until hot-shots has opened another one, each send fails at once
 * and is reported to the errorHandler. Everything else must arrive.
 * @param maxBufferSize at most the bytes of one record, so that one report is one record
 */
async function incrementInErrorHandler(load: LoadClient, maxBufferSize: number): Promise<Outcome> {
  const sink = await tcpSink();
  const names = ledgerOf(sink);
  let calls = 0;
  let dropped = 0;
  const record = (name: string) => client.increment(names.add(name));
  const client = open(load, {
    port: sink.port,
    protocol: "tcp",
    maxBufferSize,
    tcpGracefulRestartRateLimit: 1,
    errorHandler(error: unknown) {
      calls += 1;
      if (String(error).includes("Error sending")) dropped += 1;
      if (calls <= handlerLimit) record(`agent.errors.${calls}`);
    },
  });
  for (let i = 0; i < 10; i++) record(`before.${i}`);
  await sink.idle();
  sink.reset();
  for (let wait = 0; wait < 200 && calls === 0; wait++) await sleep(5);
  for (let i = 0; i < 10; i++) record(`after.${i}`);
  for (let wait = 0; wait < 15; wait++) {
    await flushed(client);
    if (sink.lines.length >= names.size - dropped) break;
    await sleep(100);
  }
  const arrived = await settle(client, sink, names);
  const violations = calls > 20 ? [`errorHandler called ${calls} times for 20 records`] : [];
  return { ...arrived, recorded: names.size - dropped, violations };
}

async function incrementOnEachChild(load: LoadClient, children: number): Promise<Outcome> {
  const sink = await udpSink();
  const client = open(load, { port: sink.port, maxBufferSize: packetLimit, errorHandler: () => {} });
  const names = ledgerOf(sink);
  const tenants = Array.from({ length: children }, () => client.childClient());
  for (const [i, tenant] of tenants.entries()) tenant.increment(names.add(`tenant.visits.${i}`));
  await flushed(client);
  const arrived = await settle(client, sink, names);
  const violations = sink.packets
    .filter((bytes) => bytes > packetLimit)
    .map((bytes) => `packet of ${bytes} bytes, limit ${packetLimit}`);
  return { ...arrived, violations };
}

/** Unguarded, counting one write causes the next: only so many are counted. */
const writeLimit = 3;

async function incrementInTransport(load: LoadClient): Promise<Outcome> {
  const sink = await tcpSink();
  const stream = connect(sink.port, "127.0.0.1");
  const write = stream.write.bind(stream) as (text: string, done: Callback) => boolean;
  const names = ledgerOf(sink);
  let writes = 0;
  const record = (name: string) => client.increment(names.add(name));
  stream.write = (text: unknown, done?: unknown) => {
    writes += 1;
    if (writes <= writeLimit) record(`transport.writes.${writes}`);
    return write(text as string, done as Callback);
  };
  const client = open(load, { protocol: "stream", stream, maxBufferSize: 100 });
  for (let i = 0; i < 10; i++) record(`orders.created.${i}`);
  await flushed(client);
  await flushed(client);
  return settle(client, sink, names);
}

async function closeWithRecords(load: LoadClient): Promise<Outcome> {
  const sink = await udpSink();
  const names = ledgerOf(sink);
  const client = open(load, { port: sink.port, maxBufferSize: packetLimit });
  for (let i = 0; i < 10; i++) client.increment(names.add(`orders.created.${i}`));
  return settle(client, sink, names);
}

export const proof: Proof = {
  module: "hot-shots",
  scenarios: [
    {
      name: "close() with 10 records in the buffer",
      hazard: "close",
      versions: "<6.1.0", // Since then a close waits for what it sends.
      run: closeWithRecords,
    },
    { name: "increment in a flush callback", hazard: "re-entrancy", run: incrementInFlushCallback },
    {
      name: "increment in the errorHandler after a TCP reset",
      hazard: "re-entrancy",
      wrong: endless,
      versions: ">=14.0.0", // Before, a TCP socket is never replaced.
      run: (load) => incrementInErrorHandler(load, 0),
    },
    {
      name: "increment in the errorHandler after a TCP reset, buffered",
      hazard: "re-entrancy",
      wrong: endless,
      versions: ">=14.0.0", // Before, a TCP socket is never replaced.
      run: (load) => incrementInErrorHandler(load, 8),
    },
    {
      name: "3000 child clients, one increment each",
      hazard: "failed send",
      wrong: oversized,
      versions: ">=13.2.0", // Before, no client counts the bytes of the shared buffer for itself.
      run: (load) => incrementOnEachChild(load, 3000),
    },
    {
      name: "500 child clients, one increment each",
      hazard: "failed send",
      wrong: oversized,
      versions: ">=13.2.0", // Before, no client counts the bytes of the shared buffer for itself.
      run: (load) => incrementOnEachChild(load, 500),
    },
    {
      name: "increment in the transport's write",
      hazard: "double send",
      versions: ">=6.8.7", // Before, a stream of the app's own is rejected.
      run: incrementInTransport,
    },
  ],
};
