import type { Target } from "../target.js";

const shared = {
  module: "@amplitude/analytics-core",
  versions: ">=0.8.1 <2.0.0 || >=2.17.0 <3",
  unaffected: ">=2.0.0 <2.17.0",
} as const;

/**
 * What @amplitude/analytics-node keeps its events in and sends them with; it binds its own methods as it loads. Run: 0.8.1
 * (with 0.4.0 of that), 0.11.4 (1.0.0), 1.2.8 (1.3.6), 2.17.0 (1.4.0), 2.57.0 (1.5.73), 2.61.0 (1.5.0). Read: 2.0.0 to 2.16,
 * which only the SDK for browsers uses.
 *
 * A flush takes nothing from the queue until it is answered, and another returns at once meanwhile, whatever was recorded
 * in between. Before 2.0.0 it takes everything at once, and another that finds the queue empty returns. Each event leaves
 * the queue on its own, so recording needs no lock.
 */
export const targets: readonly Target[] = [
  {
    ...shared,
    file: "lib/{cjs,esm}/plugins/destination.js",
    export: "Destination",
    batch: "hold",
    flush: ["flush"],
    use: ["execute"],
    callsOut: { flush: false },
  },
  // What is recorded comes to its plugins a turn of the loop each, and with a flush at once.
  {
    ...shared,
    file: "lib/{cjs,esm}/timeline.js",
    export: "Timeline",
    batch: "detached",
    flush: ["flush"],
    use: ["push"],
  },
];
