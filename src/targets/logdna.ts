import type { Target } from "../target.js";

/**
 * Run: 3.4.0, 3.5.0 and 3.5.3.
 *
 * `flushAll` calls `_flush`, which takes its batch out at once, calls back at once where there is none, and puts its callback in
 * the place of that of the flush before: so one comes after the other. A refused batch is back in the buffer by the time that its
 * callback is called, and the next flush sends it: nothing is lost while it waits for its retry.
 */
export const target: Target = {
  module: "logdna",
  versions: ">=3.4.0 <4",
  file: "lib/logger.js",
  export: "Logger",
  record: ["_bufferLog"],
  flush: ["_flush"],
  batch: "hold",
  ends: { callback: 0 },
  callsOut: { flush: false },
  returns: "nothing",
};
