// What is not sent when the handler returns waits in a frozen process, or is gone. Set in the function's environment:
// NODE_OPTIONS=--import=file:///var/task/node_modules/flushguard/dist/register.js
import metrics from "datadog-metrics";

metrics.init({ apiKey: process.env.DATADOG_API_KEY, apiHost: process.env.DATADOG_API_HOST, flushIntervalSeconds: 0 });

export async function handler({ orders }) {
  for (const { id, urgent } of orders) {
    metrics.increment("orders", 1, [`order:${id}`]);
    if (urgent) void metrics.flush();
  }
  // While the flush of an urgent order is sending, this one comes back at once without the guard.
  await metrics.flush();
}
