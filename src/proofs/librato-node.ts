import { promisify } from "node:util";
import { Ledger } from "./ledger.js";
import type { LoadClient, Outcome, Proof } from "./proof.js";
import { httpSink } from "./sinks/http.js";

type Done = (error?: Error | null) => void;

interface Librato {
  configure(options: { email: string; token: string }): void;
  measure(name: string, value: number): void;
  flush(done: Done): void;
  stop(done: Done): void;
}

interface LibratoClient {
  prototype: { endpoint: string };
}

interface Body {
  gauges: { name: string }[];
}

const LATENCY_MS = 100;
const GAUGES = 10;

/**
 * Measures, flushes, and calls `settle` while that flush is in flight.
 * @returns what the server had answered when `settle` was done: the app's next line may be `process.exit()`
 */
async function whileFlushing(load: LoadClient, settle: (librato: Librato, done: Done) => void): Promise<Outcome> {
  const sink = await httpSink({ latencyMs: LATENCY_MS });
  const librato = load.require("librato-node") as Librato;
  // The client's own address is on the internet, and only the newest versions have an option for it.
  (load.require("librato-node/lib/client") as LibratoClient).prototype.endpoint = sink.url;
  librato.configure({ email: "proof", token: "proof" });
  const gauges = new Ledger(
    () => sink.delivered,
    ({ body }) => (JSON.parse(body) as Body).gauges.map(({ name }) => name),
  );
  try {
    for (let i = 0; i < GAUGES; i++) librato.measure(gauges.add(`gauge-${i}`), i);
    const first = promisify((done: Done) => librato.flush(done))();
    await promisify((done: Done) => settle(librato, done))();
    const outcome = gauges.count();
    await first;
    return outcome;
  } finally {
    await sink.close();
  }
}

export const proof: Proof = {
  module: "librato-node",
  scenarios: [
    {
      name: "second flush(callback) during a flush",
      hazard: "early return",
      run: (load) => whileFlushing(load, (librato, done) => librato.flush(done)),
    },
    {
      name: "stop(callback) during a flush",
      hazard: "close",
      run: (load) => whileFlushing(load, (librato, done) => librato.stop(done)),
    },
  ],
};
