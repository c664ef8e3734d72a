import type { Target } from "../target.js";

/**
 * Run: 2.3.0 and 2.5.0. Before, a batch is sent by another library.
 *
 * A flush takes its batch out at once and gives the client a callback in the place of the last one, which is then called
 * whenever a batch has been answered, whoever has sent it. An empty batch is sent, too.
 */
export const target: Target = {
  module: "logzio-nodejs",
  versions: ">=2.3.0 <3",
  file: "lib/logzio-nodejs.js",
  factory: "createLogger",
  record: ["log"],
  send: ["_tryToSend"],
  // The callback of one that another overtakes is never called, so nothing must wait for it.
  close: ["flush", "sendAndClose"],
  batch: "detached",
};
