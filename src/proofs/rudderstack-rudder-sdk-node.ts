import type { LoadClient, Outcome, Proof } from "./proof.js";
import { type App, withApi } from "./segment-api/app.js";

interface Analytics {
  track(event: { userId: string; event: string }): void;
  flush(callback?: () => void): Promise<unknown>;
}

type Client = new (
  writeKey: string,
  options: { dataPlaneUrl: string; flushAt: number; flushInterval: number },
) => Analytics;

/** The client flushes the first event, and whenever this many wait. */
const FLUSH_AT = 20;

async function withRudder(load: LoadClient, drive: (app: App<Analytics>) => Promise<Outcome>): Promise<Outcome> {
  const Analytics = load.require("@rudderstack/rudder-sdk-node") as Client;
  const options = { flushAt: FLUSH_AT, flushInterval: 10_000 };
  return withApi((dataPlaneUrl) => new Analytics("proof", { dataPlaneUrl, ...options }), drive);
}

async function flushAfterBatch(load: LoadClient): Promise<Outcome> {
  return withRudder(load, async ({ analytics, track, count }) => {
    track(1 + FLUSH_AT);
    await analytics.flush();
    return count();
  });
}

async function callbackAfterBatch(load: LoadClient): Promise<Outcome> {
  return withRudder(load, async ({ analytics, track, count }) => {
    track(1 + FLUSH_AT);
    await new Promise<void>((resolve, reject) => void analytics.flush(resolve).catch(reject));
    return count();
  });
}

async function secondFlush(load: LoadClient): Promise<Outcome> {
  return withRudder(load, async ({ analytics, track, count }) => {
    track(1 + FLUSH_AT / 2);
    const first = analytics.flush();
    await analytics.flush();
    const outcome = count();
    await first;
    return outcome;
  });
}

/** Proves that waiting for a flush of @rudderstack/rudder-sdk-node waits for every batch before it. */
export const proof: Proof = {
  module: "@rudderstack/rudder-sdk-node",
  scenarios: [
    { name: "await flush() after a full batch", hazard: "early return", run: flushAfterBatch },
    { name: "flush(callback) after a full batch", hazard: "early return", run: callbackAfterBatch },
    { name: "second await flush() during a flush", hazard: "early return", run: secondFlush },
  ],
};
