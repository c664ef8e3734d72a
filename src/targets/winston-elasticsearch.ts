import type { Target } from "../target.js";

/** What the transport and the writer that it has have in common. */
const shared = { module: "winston-elasticsearch", versions: ">=0.17.4 <0.20.0", batch: "detached" } as const;

/**
 * Run: 0.17.4, 0.18.0 and 0.19.0.
 *
 * A flush takes its batch out at once, and resolves at once where there is none, while those before it are being written. The
 * writer's own flush gives a promise of another library then.
 */
export const targets: readonly Target[] = [
  {
    ...shared,
    file: "index.js",
    export: "ElasticsearchTransport",
    owner: "bulkWriter.options",
    use: ["log"],
    flush: ["flush"],
  },
  { ...shared, file: "bulk_writer.js", owner: "options", send: ["write"] },
];
