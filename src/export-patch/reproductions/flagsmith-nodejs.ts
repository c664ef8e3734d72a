// Tracks features while flush() is posting, flushes while another flush is, and answers 500. Nothing leaves the process.
import { setTimeout as delay } from "node:timers/promises";
import { AnalyticsProcessor } from "flagsmith-nodejs";

function newAnalytics(statuses: number[] = []) {
  const delivered: string[] = [];
  const slowFetch = async (_url: unknown, request?: { body?: unknown }) => {
    const features = Object.keys(JSON.parse(String(request?.body)));
    await delay(50);
    const status = statuses.shift() ?? 202;
    if (status === 202) delivered.push(...features);
    return new Response(null, { status });
  };
  const logger = { warn: () => undefined };
  const options = { environmentKey: "reproduction", baseApiUrl: "http://localhost/", fetch: slowFetch, logger };
  const analytics = new AnalyticsProcessor(options as never);
  const track = (from: number, to: number) => {
    for (let feature = from; feature < to; feature++) analytics.trackFeature(`feature-${feature}`);
  };
  return { analytics, track, delivered };
}

function report(what: string, recorded: number, delivered: string[]) {
  console.log(`${what}: ${recorded} tracked, ${delivered.length} delivered`);
  if (delivered.length !== recorded) process.exitCode = 1;
}

{
  const { analytics, track, delivered } = newAnalytics();
  track(0, 10);
  const flushing = analytics.flush();
  track(10, 30);
  await flushing;
  await analytics.flush();
  report("tracking during a flush", 30, delivered);
}

{
  const { analytics, track, delivered } = newAnalytics();
  track(0, 10);
  const first = analytics.flush();
  await analytics.flush();
  report("await flush() during a flush, as before process.exit()", 10, delivered);
  await first;
}

{
  const { analytics, track, delivered } = newAnalytics([500]);
  track(0, 10);
  await analytics.flush();
  await analytics.flush();
  report("HTTP 500, then 202", 10, delivered);
}
