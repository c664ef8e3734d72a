import { setImmediate as turn } from "node:timers/promises";
import { Ledger } from "./ledger.js";
import type { LoadClient, Outcome, Proof } from "./proof.js";
import { type HttpSink, type HttpSinkOptions, httpSink, type SinkRequest } from "./sinks/http.js";

interface ImpactMetrics {
  defineHistogram(name: string, help: string, buckets: number[]): void;
  observeHistogram(name: string, value: number): void;
  defineGauge(name: string, help: string): void;
  updateGauge(name: string, value: number): void;
}

interface Unleash {
  count(toggle: string, enabled: boolean): void;
  flushMetrics(): Promise<void>;
  destroyWithFlush(): Promise<void>;
  on(event: string, listener: () => void): void;
  /** Since 6.8.1. */
  impactMetrics: ImpactMetrics;
}

interface Client {
  Unleash: new (options: object) => Unleash;
}

/** How many values are at most its bound. */
interface Bucket {
  le: number | "+Inf";
  count: number;
}

interface Payload {
  bucket: { toggles: Record<string, { yes: number }> };
  impactMetrics?: {
    name: string;
    samples: { value?: number; buckets?: Bucket[] }[];
  }[];
}

interface App {
  unleash: Unleash;
  sink: HttpSink;
  /** A ledger of what the client sends. */
  ledger: (idsIn: (payload: Payload) => readonly string[]) => Ledger<SinkRequest>;
  /** Waits until a send has reached the server. */
  arrived: (requests: number) => Promise<void>;
}

const LATENCY_MS = 100;
const INTERVAL_MS = 50;
const WAIT_MS = 500;
const failsOnce = (n: number): number => (n === 1 ? 500 : 200);

async function withUnleash(
  load: LoadClient,
  { customHeadersFunction, ...options }: HttpSinkOptions & { customHeadersFunction?: () => Promise<object> },
  drive: (app: App) => Promise<Outcome>,
): Promise<Outcome> {
  const sink = await httpSink(options);
  const { Unleash } = load.require("unleash-client") as Client;
  // Not started: the proofs are about metrics, and say themselves when the first are sent.
  const unleash = new Unleash({
    appName: "proof",
    url: `${sink.url}/api/`,
    disableAutoStart: true,
    metricsInterval: customHeadersFunction === undefined ? 60_000 : INTERVAL_MS,
    customHeadersFunction,
  });
  unleash.on("error", () => {});
  unleash.on("warn", () => {});
  try {
    return await drive({
      unleash,
      sink,
      ledger: (idsIn) =>
        new Ledger(
          () => sink.delivered,
          ({ body }) => idsIn(JSON.parse(body) as Payload),
        ),
      arrived: async (requests) => {
        const until = performance.now() + WAIT_MS;
        while (sink.requests.length < requests && performance.now() < until) await turn();
      },
    });
  } finally {
    await sink.close();
  }
}

const repeated = (id: string, length: number): string[] => Array.from({ length }, () => id);

/**
 * Counts features, each of a name of its own.
 * @returns their names
 */
function countFeatures({ unleash, ledger }: App, features: number): Ledger<SinkRequest> {
  const names = ledger(({ bucket }) =>
    Object.entries(bucket.toggles).flatMap(([name, { yes }]) => repeated(name, yes)),
  );
  for (let i = 0; i < features; i++) unleash.count(names.add(`feature-${i}`), true);
  return names;
}

async function secondFlush(load: LoadClient): Promise<Outcome> {
  return withUnleash(load, { latencyMs: LATENCY_MS }, async (app) => {
    const names = countFeatures(app, 10);
    const first = app.unleash.flushMetrics();
    await app.unleash.flushMetrics();
    // Here the app would leave.
    const outcome = names.count();
    await first;
    return outcome;
  });
}

async function destroyDuringFailingSend(load: LoadClient): Promise<Outcome> {
  return withUnleash(load, { latencyMs: LATENCY_MS, status: failsOnce }, async (app) => {
    const names = countFeatures(app, 10);
    const first = app.unleash.flushMetrics();
    await app.unleash.destroyWithFlush();
    const outcome = names.count();
    await first;
    return outcome;
  });
}

async function rejectedHeaders(load: LoadClient): Promise<Outcome> {
  let calls = 0;
  const customHeadersFunction = async (): Promise<object> => {
    calls++;
    if (calls === 1) throw new Error("no token yet");
    return {};
  };
  return withUnleash(load, { customHeadersFunction }, async (app) => {
    const names = countFeatures(app, 15);
    await app.unleash.flushMetrics().catch(() => {});
    await app.arrived(1);
    await turn();
    return names.count();
  });
}

/** Drives a send that fails, with what `during` records while it does, and then one that is accepted. */
async function aroundFailingSend(app: App, during: () => void): Promise<void> {
  const failing = app.unleash.flushMetrics();
  await app.arrived(1);
  during();
  await failing;
  await app.unleash.flushMetrics();
}

/** The bounds of the buckets, as often as something fell between them and the one before. */
function valuesIn(buckets: readonly Bucket[]): string[] {
  return buckets.flatMap(({ le, count }, i) => repeated(String(le), count - (buckets[i - 1]?.count ?? 0)));
}

async function histogram(load: LoadClient): Promise<Outcome> {
  return withUnleash(load, { latencyMs: LATENCY_MS, status: failsOnce }, async (app) => {
    const { impactMetrics } = app.unleash;
    // A bucket for each value shows which of them arrive.
    const values = Array.from({ length: 150 }, (_, value) => value);
    const observed = app.ledger(({ impactMetrics = [] }) =>
      impactMetrics.flatMap(({ samples }) => samples.flatMap(({ buckets = [] }) => valuesIn(buckets))),
    );
    const observe = (value: number): void => {
      observed.add(String(value));
      impactMetrics.observeHistogram("latency", value);
    };
    impactMetrics.defineHistogram("latency", "of the proof", values);
    for (const value of values.slice(0, 100)) observe(value);
    await aroundFailingSend(app, () => {
      for (const value of values.slice(100)) observe(value);
    });
    return observed.count();
  });
}

async function gauges(load: LoadClient): Promise<Outcome> {
  return withUnleash(load, { latencyMs: LATENCY_MS, status: failsOnce }, async (app) => {
    const { impactMetrics } = app.unleash;
    const names = Array.from({ length: 10 }, (_, i) => `gauge-${i}`);
    // The value that each gauge is first set to is for the second to replace.
    const last = app.ledger(({ impactMetrics = [] }) =>
      impactMetrics.flatMap(({ name, samples }) => (samples.at(-1)?.value === 2 ? [name] : [])),
    );
    for (const name of names) impactMetrics.defineGauge(name, "of the proof");
    for (const name of names) impactMetrics.updateGauge(name, 1);
    await aroundFailingSend(app, () => {
      for (const name of names) impactMetrics.updateGauge(last.add(name), 2);
    });
    return last.count();
  });
}

export const proof: Proof = {
  module: "unleash-client",
  scenarios: [
    { name: "second await flushMetrics() during a flush", hazard: "early return", run: secondFlush },
    { name: "destroyWithFlush() during a send that fails", hazard: "close", run: destroyDuringFailingSend },
    { name: "custom headers rejected once", hazard: "failed send", run: rejectedHeaders },
    {
      name: "histogram observed during a send that fails",
      hazard: "failed send",
      versions: ">=6.8.1",
      run: histogram,
    },
    {
      name: "last of the gauges set during a send that fails",
      hazard: "failed send",
      versions: ">=6.8.1",
      run: gauges,
    },
  ],
};
