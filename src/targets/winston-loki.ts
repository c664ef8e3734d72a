import type { Target } from "../target.js";

interface Batch {
  streams: unknown[];
}

const module = "winston-loki";
const transport = { module, file: "index.js", owner: "batcher", send: ["log"], final: "batcher.close" } as const;
const batcher = { module, file: "src/batcher.js", flush: ["sendBatchToLoki"], send: ["pushLogEntry"] } as const;
const clearing = ">=6.0.0 <6.1.4";
const detaching = ">=6.1.4 <7";

/**
 * Run: 6.0.0, 6.0.8, 6.1.3, 6.1.4 and 6.1.7. Before 6.1.4 a batch is cleared with what was logged while it was sent.
 *
 * The transport sends on an interval what waits, or each line by itself, and says 'finish' at once. Closing its batcher sends the
 * rest.
 */
export const targets: readonly Target[] = [
  { ...transport, versions: clearing },
  {
    ...batcher,
    versions: clearing,
    batch: "swap",
    buffers: {
      batch: {
        fresh: (): Batch => ({ streams: [] }),
        merge(live: Batch, left: Batch): boolean {
          live.streams.unshift(...left.streams);
          return left.streams.length > 0;
        },
        count: ({ streams }: Batch): number => streams.length,
      },
    },
    view: true,
  },
  { ...transport, versions: detaching },
  { ...batcher, versions: detaching, batch: "detached" },
];
