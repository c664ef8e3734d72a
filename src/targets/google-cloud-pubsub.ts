import type { Target } from "../target.js";

/** What the publisher of a topic and its queues have in common. */
const shared = { module: "@google-cloud/pubsub", versions: ">=4.0.0 <7", batch: "detached" } as const;

/**
 * Run: 4.0.0, 4.6.0, 4.11.0, 5.3.1, 6.0.0 and 6.2.0. Read: 6.3.2.
 *
 * A flush of a topic takes what its queues hold, and calls back once they are empty, which is also so while the batches that
 * were full, or whose time was over, are being published.
 */
export const targets: readonly Target[] = [
  {
    ...shared,
    file: "build/src/publisher/index.js",
    export: "Publisher",
    owner: "topic",
    record: ["publishMessage"],
    flush: ["flush"],
    ends: { callback: 0 },
  },
  {
    ...shared,
    file: "build/src/publisher/message-queues.js",
    export: "Queue",
    owner: "publisher.topic",
    send: ["_publishInternal"],
  },
  {
    ...shared,
    file: "build/src/publisher/message-queues.js",
    export: "OrderedQueue",
    owner: "publisher.topic",
    send: ["publish"],
  },
];
