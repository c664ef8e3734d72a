import type { Target } from "../target.js";

interface Transport {
  kthxbye(done: () => void): void;
}

/**
 * Run: 3.2.0, 4.0.1, 5.0.0, 6.2.0 and 6.3.0.
 *
 * `submit` takes its batch once it has a token for the stream, and calls back at once while another of the same stream is under
 * way. `kthxbye` submits until nothing is left, which is also so while the last batch is on its way. 'finish' comes at once.
 */
export const target: Target = {
  module: "winston-cloudwatch",
  versions: ">=3.2.0 <7",
  file: "index.js",
  flush: ["submit"],
  send: ["log"],
  close: ["kthxbye"],
  batch: "hold",
  ends: { callback: 0 },
  callsOut: { flush: false },
  final: (transport: Transport) => new Promise<void>((resolve) => transport.kthxbye(resolve)),
};
