import { Ledger } from "./ledger.js";
import type { LoadClient, Outcome, Proof, Scenario } from "./proof.js";
import { httpSink } from "./sinks/http.js";

interface SentryClient {
  init(): void;
  flush(timeoutMs: number): Promise<boolean>;
}

type MakeRequest = (request: { body: string | Uint8Array<ArrayBuffer> }) => Promise<object>;

interface Sentry {
  Client?: new (options: object) => SentryClient;
  /** Until 10. */
  ServerRuntimeClient?: new (
    options: object,
  ) => SentryClient;
  createTransport(options: object, makeRequest: MakeRequest): object;
  setCurrentClient(client: SentryClient): void;
  _INTERNAL_captureLog(log: object): void;
  metrics: { count(name: string): void };
  /** Until 8. */
  metricsDefault: { increment(name: string): void };
}

/** How an app records one thing, by the name that is delivered, and how many of those a buffer takes. */
interface Buffer {
  size: number;
  record(sentry: Sentry, name: string): void;
}

/** As the loggers of the SDKs do that are built on it. */
const logs: Buffer = {
  size: 100,
  record: (sentry, name) => sentry._INTERNAL_captureLog({ level: "info", message: name, severityNumber: 9 }),
};
const metrics: Buffer = { size: 1000, record: (sentry, name) => sentry.metrics.count(name) };
const aggregated: Buffer = { size: 10_000, record: (sentry, name) => sentry.metricsDefault.increment(name) };

const FROM_TRANSPORT = 3;

/** Fills the buffer, so that the next record sends it, through a transport that records what it does. */
async function recordsInTransport(sentry: Sentry, { size, record }: Buffer): Promise<Outcome> {
  const sink = await httpSink();
  const names = new Ledger(
    () => sink.delivered,
    ({ body }) => body.match(/\bproof-\d+\b/g) ?? [],
  );
  const recordSome = (count: number): void => {
    for (let i = 0; i < count; i++) record(sentry, names.add(`proof-${names.size}`));
  };
  let sends = 0;
  const makeRequest: MakeRequest = async ({ body }) => {
    if (++sends === 1) recordSome(FROM_TRANSPORT);
    const response = await fetch(sink.url, { method: "POST", body });
    return { statusCode: response.status };
  };
  const Client = sentry.ServerRuntimeClient ?? sentry.Client;
  if (Client === undefined) throw new Error("@sentry/core exports no client");
  const client = new Client({
    dsn: `http://proof@127.0.0.1:${sink.port}/1`,
    transport: (options: object) => sentry.createTransport(options, makeRequest),
    integrations: [],
    stackParser: () => [],
    enableLogs: true,
  });
  sentry.setCurrentClient(client);
  client.init();
  try {
    while (sends === 0 && names.size <= size) recordSome(1);
    await client.flush(5000);
    return names.count();
  } finally {
    await sink.close();
  }
}

interface Kind {
  name: string;
  buffer: Buffer;
  /** Semver range of the versions that have it. */
  versions: string;
}

const kinds: Kind[] = [
  { name: "aggregated metrics", buffer: aggregated, versions: "<9" },
  { name: "logs", buffer: logs, versions: ">=9" },
  { name: "metrics", buffer: metrics, versions: ">=10" },
];

/** With each of the package's two copies: they share their buffers, but not their functions. */
function scenariosOf(copy: string, loadCopy: (load: LoadClient) => Promise<Sentry>): Scenario[] {
  return kinds.map(({ name, buffer, versions }) => ({
    name: `${name} recorded by the transport of a full buffer (${copy})`,
    hazard: "re-entrancy",
    versions,
    run: async (load) => recordsInTransport(await loadCopy(load), buffer),
  }));
}

export const proof: Proof = {
  module: "@sentry/core",
  scenarios: [
    ...scenariosOf("CommonJS", async (load) => load.require("@sentry/core") as Sentry),
    ...scenariosOf("ES module", async (load) => (await load.import("@sentry/core")) as Sentry),
  ],
};
