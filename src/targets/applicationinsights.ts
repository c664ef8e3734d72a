import type { Target } from "../target.js";

/**
 * Run: 1.0.0, 1.8.10, 2.0.0, 2.3.0, 2.9.0, 2.9.8. From 3.0.0 on it is OpenTelemetry's exporter under the old names.
 *
 * A flush that finds the buffer empty calls back at once, while the batch before it is on its way. The batches that the
 * client sends of its own accord, when one is full or the interval is over, have no callback.
 */
export const target: Target = {
  module: "applicationinsights",
  versions: ">=1.0.0 <3",
  unaffected: ">=3",
  file: "out/Library/Channel.js",
  record: ["send"],
  flush: ["triggerSend"],
  batch: "detached",
  ends: { callback: 1 },
  callsOut: { flush: false },
};
