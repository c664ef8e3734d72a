// What is not sent when the handler returns waits in a frozen process, or is gone. Set in the function's environment:
// NODE_OPTIONS=--import=file:///var/task/node_modules/flushguard/dist/register.js
import { Analytics } from "@segment/analytics-node";

const analytics = new Analytics({ writeKey: process.env.SEGMENT_WRITE_KEY, host: process.env.SEGMENT_HOST });

export async function handler({ orders }) {
  for (const { id, urgent } of orders) {
    analytics.track({ userId: "shop", event: `order ${id}` });
    if (urgent) void analytics.flush();
  }
  // While the flush of an urgent order is sending, this one does not wait for it without the guard.
  await analytics.flush();
}
