import { afterEach, expect, test, vi } from "vitest";
import { both } from "./both.js";

/** Tracks five events, drains, and tells how many have arrived. */
const program = `
const client = require("@optimizely/optimizely-sdk");
const lists = ["attributes", "audiences", "experiments", "featureFlags", "groups", "rollouts", "typedAudiences", "variables"];
const datafile = JSON.stringify({
  version: "4", revision: "1", accountId: "1", projectId: "1", anonymizeIP: true, botFiltering: false,
  events: [{ id: "1", key: "bought", experimentIds: [] }],
  ...Object.fromEntries(lists.map((list) => [list, []])),
});
const sink = await httpSink({ latencyMs: 100 });
const dispatchEvent = async ({ params }) => {
  const response = await fetch(sink.url, { method: "POST", body: JSON.stringify(params) });
  return { statusCode: response.status };
};
const optimizely = client.createInstance({
  projectConfigManager: client.createStaticProjectConfigManager({ datafile }),
  eventProcessor: client.createBatchEventProcessor({ eventDispatcher: { dispatchEvent }, batchSize: 10, flushInterval: 60_000 }),
});
await optimizely.onReady();
for (let i = 0; i < 5; i++) optimizely.track("bought", "user-" + i);
await turn();
const { drain } = await import(dist + "../index.js");
await drain({ timeoutMs: 2000 });
console.log(sink.delivered.flatMap(({ body }) => JSON.parse(body).visitors).length);
`;

afterEach(() => {
  vi.unstubAllEnvs();
});

test("@optimizely/optimizely-sdk: a drain waits for what it has sent", async () => {
  vi.stubEnv("FLUSHGUARD_DRAIN", "manual");
  const { unguarded, guarded } = await both(program);
  expect(unguarded).toBe(0);
  expect(guarded).toBe(5);
});
