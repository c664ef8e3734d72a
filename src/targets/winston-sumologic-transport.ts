import type { Target } from "../target.js";

interface Transport {
  onError?: unknown;
}

/**
 * Run: 3.2.3 and 5.5.2.
 *
 * The transport sends on an interval what waits, and says 'finish' at once. A send takes out what it has sent when that is
 * answered, so another meanwhile would send it twice.
 */
export const target: Target = {
  module: "winston-sumologic-transport",
  versions: ">=3.2.3 <6",
  file: "lib/winston-sumologic-transport.js",
  export: "SumoLogic",
  flush: ["_sendLogs"],
  send: ["log"],
  batch: "hold",
  callsOut: { flush: ({ onError }: Transport) => onError !== undefined },
  final: "_sendLogs",
};
