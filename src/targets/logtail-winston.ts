import type { Target } from "../target.js";

/**
 * Run: 0.3.1, 0.4.23 and 0.5.9.
 *
 * The transport hands its lines to a client of @logtail/node, which is guarded itself, and says 'finish' before that has sent
 * them.
 */
export const target: Target = {
  module: "@logtail/winston",
  versions: ">=0.3.1 <0.6.0",
  file: "dist/cjs/winston.js",
  export: "LogtailTransport",
  owner: "_logtail",
  send: ["log"],
  final: "_logtail.flush",
};
