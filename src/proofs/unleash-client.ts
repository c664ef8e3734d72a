import { setImmediate as turn } from "node:timers/promises";
import type { LoadClient, Outcome, Proof } from "./proof.js";
import { type HttpSink, type HttpSinkOptions, httpSink } from "./sinks/http.js";

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

interface Payload {
  bucket: { toggles: Record<string, { yes: number }> };
  impactMetrics?: {
    name: string;
    samples: { value?: number; count?: number; buckets?: { le: number | "+Inf"; count: number }[] }[];
  }[];
}

interface App {
  unleash: Unleash;
  sink: HttpSink;
  payloads: () => Payload[];
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
      payloads: () => sink.delivered.map(({ body }) => JSON.parse(body) as Payload),
      arrived: async (requests) => {
        const until = performance.now() + WAIT_MS;
        while (sink.requests.length < requests && performance.now() < until) await turn();
      },
    });
  } finally {
    await sink.close();
  }
}

/** Counts features, each of a name of its own. */
function count({ unleash }: App, features: number): void {
  for (let i = 0; i < features; i++) unleash.count(`feature-${i}`, true);
}

function counted({ payloads }: App, recorded: number): Outcome {
  const toggles = payloads().flatMap(({ bucket }) => Object.entries(bucket.toggles));
  return {
    recorded,
    delivered: toggles.reduce((sum, [, { yes }]) => sum + yes, 0),
    distinct: new Set(toggles.map(([name]) => name)).size,
  };
}

async function secondFlush(load: LoadClient): Promise<Outcome> {
  return withUnleash(load, { latencyMs: LATENCY_MS }, async (app) => {
    count(app, 10);
    const first = app.unleash.flushMetrics();
    await app.unleash.flushMetrics();
    // Here the app would leave.
    const outcome = counted(app, 10);
    await first;
    return outcome;
  });
}

async function destroyDuringFailingSend(load: LoadClient): Promise<Outcome> {
  return withUnleash(load, { latencyMs: LATENCY_MS, status: failsOnce }, async (app) => {
    count(app, 10);
    const first = app.unleash.flushMetrics();
    await app.unleash.destroyWithFlush();
    const outcome = counted(app, 10);
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
    count(app, 15);
    await app.unleash.flushMetrics().catch(() => {});
    await app.arrived(1);
    await turn();
    return counted(app, 15);
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

async function histogram(load: LoadClient): Promise<Outcome> {
  return withUnleash(load, { latencyMs: LATENCY_MS, status: failsOnce }, async (app) => {
    const { impactMetrics } = app.unleash;
    // A bucket for each value shows which of them arrive.
    const values = Array.from({ length: 150 }, (_, value) => value);
    impactMetrics.defineHistogram("latency", "of the proof", values);
    for (const value of values.slice(0, 100)) impactMetrics.observeHistogram("latency", value);
    await aroundFailingSend(app, () => {
      for (const value of values.slice(100)) impactMetrics.observeHistogram("latency", value);
    });
    const samples = app
      .payloads()
      .flatMap((payload) => payload.impactMetrics?.flatMap((metric) => metric.samples) ?? []);
    const seen = samples.flatMap(({ buckets = [] }) =>
      buckets.filter(({ count: upTo }, i) => upTo > (buckets[i - 1]?.count ?? 0)).map(({ le }) => le),
    );
    return {
      recorded: values.length,
      delivered: samples.reduce((sum, { count: observed = 0 }) => sum + observed, 0),
      distinct: new Set(seen).size,
    };
  });
}

async function gauges(load: LoadClient): Promise<Outcome> {
  return withUnleash(load, { latencyMs: LATENCY_MS, status: failsOnce }, async (app) => {
    const { impactMetrics } = app.unleash;
    const names = Array.from({ length: 10 }, (_, i) => `gauge-${i}`);
    const set = (value: number): void => {
      for (const name of names) impactMetrics.updateGauge(name, value);
    };
    for (const name of names) impactMetrics.defineGauge(name, "of the proof");
    set(1);
    await aroundFailingSend(app, () => set(2));
    const last = app.payloads().flatMap((payload) => payload.impactMetrics ?? []);
    const right = last.filter(({ samples }) => samples.at(-1)?.value === 2).map(({ name }) => name);
    return { recorded: names.length, delivered: right.length, distinct: new Set(right).size };
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
