import type { Target } from "../target.js";

interface Transport {
  batch: unknown[];
  flush(): void;
}

/**
 * Run: 1.0.0, 1.3.1, 1.6.1 and 1.8.0, both copies.
 *
 * The transport sends a second after a line, and says 'finish' at once.
 */
export const target: Target = {
  module: "@axiomhq/winston",
  versions: ">=1.0.0 <2",
  file: "dist/{cjs/index.cjs,esm/index.js}",
  export: "WinstonTransport",
  record: ["log"],
  flush: ["flush"],
  batch: "detached",
  ends: { callback: 0 },
  callsOut: { flush: false },
  final: (transport: Transport) => transport.batch.length > 0 && transport.flush(),
};
