import { setTimeout as sleep } from "node:timers/promises";
import type { LoadClient, Outcome, Proof } from "./proof.js";
import { type App, withApi } from "./segment-api/app.js";

interface Analytics {
  track(event: { userId: string; event: string }): void;
  flush(): Promise<void>;
  closeAndFlush(): Promise<void>;
  on(event: "call_after_close", listener: () => void): void;
}

interface Client {
  Analytics: new (settings: { writeKey: string; host: string; flushAt: number; flushInterval: number }) => Analytics;
}

const EVENTS = 150;
/** Milliseconds until the client sends a batch that is not full. */
const FLUSH_INTERVAL_MS = 1000;

async function withSegment(load: LoadClient, drive: (app: App<Analytics>) => Promise<Outcome>): Promise<Outcome> {
  const { Analytics } = load.require("@segment/analytics-node") as Client;
  const options = { writeKey: "proof", flushAt: 15, flushInterval: FLUSH_INTERVAL_MS };
  return withApi((host) => new Analytics({ host, ...options }), drive);
}

async function secondFlush(load: LoadClient): Promise<Outcome> {
  return withSegment(load, async ({ analytics, track, count }) => {
    track(EVENTS);
    const first = analytics.flush();
    await analytics.flush();
    const outcome = count();
    await first;
    return outcome;
  });
}

async function closeDuringFlush(load: LoadClient): Promise<Outcome> {
  return withSegment(load, async ({ analytics, track, count }) => {
    let refused = 0;
    analytics.on("call_after_close", () => refused++);
    track(EVENTS);
    const flushing = analytics.flush();
    await analytics.closeAndFlush();
    const outcome = count();
    await flushing;
    analytics.track({ userId: "proof", event: "after the close" });
    return refused === 1 ? outcome : { ...outcome, violations: ["it was not closed"] };
  });
}

async function flushUnderTraffic(load: LoadClient): Promise<Outcome> {
  return withSegment(load, async ({ analytics, track, count }) => {
    let flushed = Promise.resolve();
    let returned = false;
    for (let i = 0; i < EVENTS; i++) {
      track(1);
      if (i === EVENTS / 5) {
        flushed = analytics.flush().then(() => {
          returned = true;
        });
      }
      await sleep(5);
    }
    const inTime = returned;
    await flushed;
    await analytics.flush();
    return inTime ? count() : { ...count(), violations: ["flush() resolved only when the traffic ended"] };
  });
}

/** Proves that a flush of @segment/analytics-node ends, and that another one or a close waits for it. */
export const proof: Proof = {
  module: "@segment/analytics-node",
  scenarios: [
    { name: "second await flush() during a flush", hazard: "early return", run: secondFlush },
    { name: "await closeAndFlush() during a flush", hazard: "close", run: closeDuringFlush },
    {
      name: "flush() under steady traffic",
      hazard: "early return",
      wrong: "A flush waits until nothing is on its way any more, which under steady traffic is never.",
      run: flushUnderTraffic,
    },
  ],
};
