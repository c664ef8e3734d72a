import type { Target } from "../target.js";

interface Http {
  auth: unknown;
  path: string;
  batchOptions: unknown[];
  batchCallback: unknown;
  _doBatchRequest(callback: unknown, auth: unknown, path: string): void;
}

/** With `batch` the client sends when its time is over, or when enough lines wait. */
function sendBatch(transport: Http): void {
  const { auth, batchCallback, batchOptions, path } = transport;
  if (batchOptions.length > 0) transport._doBatchRequest(batchCallback, auth, path);
}

/**
 * Run: 3.5.0, 3.8.2, 3.12.1 and 3.19.0. Before 3.5.0 no lines are sent together.
 *
 * The transport that posts lines says 'finish' as soon as it has begun to post them, and a logger that was ended says so then.
 */
export const target: Target = {
  module: "winston",
  versions: ">=3.5.0 <4",
  file: "lib/winston/transports/http.js",
  record: ["log"],
  flush: ["_doRequest"],
  batch: "detached",
  callsOut: { flush: false },
  final: sendBatch,
};
