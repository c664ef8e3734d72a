import { setTimeout as delay, setImmediate as turn } from "node:timers/promises";
import { Ledger } from "./ledger.js";
import type { LoadClient, Outcome, Proof, Scenario } from "./proof.js";
import { type HttpSink, httpSink } from "./sinks/http.js";

interface Point {
  intField(name: string, value: number): Point;
}

interface WriteApi {
  writePoint(point: Point): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}

interface Client {
  InfluxDB: new (options: {
    url: string;
    writeOptions?: object;
  }) => {
    getWriteApi(org: string, bucket: string, precision: string, options?: object): WriteApi;
  };
  Point: new (measurement: string) => Point;
  /** Not in 1.0. */
  setLogger?(logger: object): void;
}

type LoadCopy = (load: LoadClient) => Promise<Client>;

interface App {
  writes: WriteApi;
  sink: HttpSink;
  /** Writes this many points, each with a value of its own. */
  write: (count: number) => void;
  /** What has arrived by now: values, and whether they carry the time they were written at. */
  count: () => Outcome;
}

const LATENCY_MS = 100;
const BATCH = 10;

/** @param refused how many of the first requests are */
async function withBucket(client: Client, drive: (app: App) => Promise<Outcome>, refused = 0): Promise<Outcome> {
  const sink = await httpSink({ latencyMs: LATENCY_MS, status: (n) => (n <= refused ? 503 : 204) });
  client.setLogger?.({ error() {}, warn() {} });
  const options = { batchSize: BATCH, flushInterval: 0, maxRetries: refused };
  // Versions before 1.9 take the options here only, later ones in both places.
  const influx = new client.InfluxDB({ url: sink.url, writeOptions: options });
  const writes = influx.getWriteApi("proof", "proof", "ms", options);
  const written: [from: number, to: number][] = [];
  const values = new Ledger(
    () => sink.delivered,
    ({ body }) => body.split("\n").map((line) => String(parse(line).value)),
  );
  try {
    return await drive({
      writes,
      sink,
      write: (count) => {
        for (let i = 0; i < count; i++) {
          const from = Date.now();
          writes.writePoint(new client.Point("proof").intField("value", Number(values.add(String(values.size)))));
          written.push([from, Date.now()]);
        }
      },
      count: () => {
        const points = sink.delivered.flatMap(({ body }) => body.split("\n")).map(parse);
        const shifted = points.filter(({ value, time }) => {
          const [from, to] = written[value] ?? [0, 0];
          return time < from || time > to;
        });
        return {
          ...values.count(),
          violations: shifted.map(({ value }) => `point ${value} has another time than that of its writing`),
        };
      },
    });
  } finally {
    await sink.close();
  }
}

/** A line such as `proof value=3i 1700000000000`. */
function parse(line: string): { value: number; time: number } {
  const [, value, time] = /value=(\d+)i (\d+)$/.exec(line) ?? [];
  return { value: Number(value), time: Number(time) };
}

async function arrival(sink: HttpSink): Promise<void> {
  while (sink.requests.length === 0) await turn();
}

async function writesDuringClose(client: Client): Promise<Outcome> {
  return withBucket(client, async ({ writes, sink, write, count }) => {
    write(9);
    const closing = writes.close();
    await arrival(sink);
    write(6);
    await closing;
    return count();
  });
}

/** Fills a batch, which the client sends by itself, and counts what has arrived when `settle` is done. */
async function duringAutomaticBatch(client: Client, settle: (writes: WriteApi) => Promise<void>): Promise<Outcome> {
  return withBucket(client, async ({ writes, sink, write, count }) => {
    write(BATCH);
    await arrival(sink);
    await settle(writes);
    const outcome = count();
    while (sink.delivered.length < sink.requests.length) await turn();
    return outcome;
  });
}

/** The first batch is refused, and would be tried again in some seconds. */
async function closeDuringRetry(client: Client): Promise<Outcome> {
  const drive = async ({ writes, sink, write, count }: App): Promise<Outcome> => {
    write(BATCH);
    while (sink.answered.length === 0) await turn();
    write(BATCH / 2);
    // Until the client has taken note of the answer.
    await delay(LATENCY_MS);
    await writes.close();
    return count();
  };
  return withBucket(client, drive, 1);
}

function scenariosOf(copy: string, loadCopy: LoadCopy, versions?: string): Scenario[] {
  const only = versions === undefined ? {} : { versions };
  return [
    {
      name: `writes during close() (${copy})`,
      hazard: "close",
      ...only,
      run: async (load) => writesDuringClose(await loadCopy(load)),
    },
    {
      name: `await flush() during an automatic batch (${copy})`,
      hazard: "early return",
      ...only,
      run: async (load) => duringAutomaticBatch(await loadCopy(load), (writes) => writes.flush()),
    },
    {
      name: `await close() during an automatic batch (${copy})`,
      hazard: "close",
      ...only,
      run: async (load) => duringAutomaticBatch(await loadCopy(load), (writes) => writes.close()),
    },
    {
      name: `await close() while a refused batch waits for its retry (${copy})`,
      hazard: "close",
      ...only,
      run: async (load) => closeDuringRetry(await loadCopy(load)),
    },
  ];
}

const MODULE = "@influxdata/influxdb-client";

export const proof: Proof = {
  module: MODULE,
  scenarios: [
    ...scenariosOf("CommonJS", async (load) => load.require(MODULE) as Client),
    ...scenariosOf("ES module", async (load) => (await load.import(MODULE)) as Client, ">=1.9.0"),
  ],
};
