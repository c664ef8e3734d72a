import { test } from "vitest";
import { same } from "./both.js";

const program = `
import { AsyncLocalStorage } from "node:async_hooks";
const { Analytics } = require("@segment/analytics-node");
const tenants = new AsyncLocalStorage();
const sink = await httpSink({ latencyMs: 50 });
const analytics = new Analytics({ writeKey: "proof", host: sink.url, flushInterval: 100 });
await analytics.register({
  name: "tenant", type: "enrichment", version: "1", isLoaded: () => true, load: async () => {},
  track(context) {
    context.updateEvent("properties.tenant", tenants.getStore());
    return context;
  },
});
const track = (tenant, event) => tenants.run(tenant, () => analytics.track({ userId: "proof", event }));
track("tenant-1", "x");
const flushing = tenants.run("tenant-1", () => analytics.flush());
while (sink.requests.length === 0) await turn();
track("tenant-2", "y");
await flushing;
await analytics.flush();
const events = sink.requests.flatMap(({ body }) => JSON.parse(body).batch);
console.log(JSON.stringify(events.map(({ event, properties }) => event + "@" + properties.tenant).sort()));
`;

test("@segment/analytics-node: a plugin sees the context in which its event was tracked", async () => {
  await same(program, ["x@tenant-1", "y@tenant-2"]);
});
