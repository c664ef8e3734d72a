import type { Target } from "../target.js";

/**
 * Run: 0.3.0, 0.4.0 and 0.4.1, both copies.
 *
 * A flush waits for the requests of a client without batches that it has a list of, and then forgets the list, those added
 * meanwhile with it.
 */
export const target: Target = {
  module: "@axiomhq/logging",
  versions: ">=0.3.0 <0.5.0",
  file: "dist/{cjs/transports/axiom-js.cjs,esm/transports/axiom-js.js}",
  export: "AxiomJSTransport",
  record: ["log"],
  flush: ["flush"],
  buffers: { promises: "append" },
  view: true,
  callsOut: { flush: false },
};
