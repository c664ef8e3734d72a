import { expect, test } from "vitest";
import { both, same } from "./both.js";

const OPEN = `
const { Analytics } = require("@segment/analytics-node");
const sink = await httpSink({ latencyMs: 50 });
const open = (flushInterval) => new Analytics({ writeKey: "proof", host: sink.url, flushAt: 15, flushInterval });
let tracked = 0;
const arrived = () => sink.delivered.flatMap(({ body }) => JSON.parse(body).batch).length;
`;

test("listeners hear of a flush, and of what is tracked during it, as they would unguarded", async () => {
  await same(
    `${OPEN}
const analytics = open(100);
const keys = Object.keys(analytics).join();
const heard = [];
for (const name of ["dispatch_start", "track", "drained", "error", "call_after_close"])
  analytics.on(name, function (context) {
    heard.push(name + (this === analytics ? "" : " of another") + (context?.event?.event ? " " + context.event.event : ""));
  });
const track = (event, callback) => analytics.track({ userId: "proof", event }, callback);
track("x");
const flushing = analytics.flush();
while (sink.requests.length === 0) await turn();
track("y", () => heard.push("callback"));
const drained = new Promise((resolve) => analytics.once("drained", resolve));
await drained;
await flushing;
await analytics.closeAndFlush();
track("z");
heard.push(analytics._pendingEvents, Object.keys(analytics).join() === keys);
console.log(JSON.stringify(heard));`,
    ["dispatch_start x", "dispatch_start y", "track x", "callback", "track y", "drained", "call_after_close", 0, true],
  );
});

test("flushes overlap, and each is over when what was tracked before it has arrived", async () => {
  const { unguarded, guarded } = await both<{ early: number; late: number; warnings: number; lost: number }>(`${OPEN}
const analytics = open(60_000);
let warnings = 0;
console.warn = () => warnings++;
let early = 0;
let late = 0;
const flushes = [];
for (let i = 0; i < 100; i++) {
  analytics.track({ userId: "proof", event: "e" });
  tracked++;
  if (i % 4 === 3) {
    const before = tracked;
    const begun = performance.now();
    flushes.push(analytics.flush().then(() => {
      if (arrived() < before) early++;
      if (tracked === 100 && before < 50) late++;
    }));
  }
  await sleep(5);
}
await Promise.race([Promise.all(flushes), sleep(1_000)]);
console.log(JSON.stringify({ early, late, warnings, lost: tracked - arrived() }));`);
  expect(unguarded.early).toBeGreaterThan(0);
  expect(guarded).toEqual({ early: 0, late: 0, warnings: 0, lost: 0 });
});

test("what is still in a plugin when a flush begins is sent when it comes out of it", async () => {
  const { unguarded, guarded } = await both<{ settled: boolean; lost: number }>(`${OPEN}
const analytics = open(60_000);
await analytics.register({
  name: "slow", type: "enrichment", version: "1", isLoaded: () => true, load: async () => {},
  async track(context) {
    await sleep(context.event.event.length * 40);
    return context;
  },
});
let settled = false;
for (const event of ["a", "b", "ccc"]) analytics.track({ userId: "proof", event });
await sleep(60);
const flushing = analytics.flush().then(() => { settled = true; });
analytics.track({ userId: "proof", event: "dddddddddd" });
await Promise.race([flushing, sleep(2_000)]);
console.log(JSON.stringify({ settled, lost: 3 - arrived() }));`);
  expect(unguarded).toMatchObject({ settled: false });
  expect(guarded).toEqual({ settled: true, lost: 0 });
});

test("a listener of the client that flushes sends nothing a second time", async () => {
  const { guarded } = await both<{ flushed: boolean; arrived: number }>(`${OPEN}
const analytics = open(60_000);
let flushing;
analytics.on("http_request", () => {
  const inner = analytics.flush();
  flushing ??= inner;
});
for (const event of ["a", "b", "c"]) analytics.track({ userId: "proof", event });
await analytics.flush();
const flushed = await Promise.race([flushing.then(() => true), sleep(1_000)]);
console.log(JSON.stringify({ flushed, arrived: arrived() }));`);
  expect(guarded).toEqual({ flushed: true, arrived: 3 });
});
