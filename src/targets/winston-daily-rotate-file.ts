import type { Target } from "../target.js";

interface Transport {
  logStream: { end(done: () => void): void };
}

/**
 * Run: 4.7.1 and 5.0.0.
 *
 * The transport says 'finish' before its file has the lines. Ending the file is what its `close` does too, which comes later.
 */
export const target: Target = {
  module: "winston-daily-rotate-file",
  versions: ">=4.7.1 <6",
  file: "daily-rotate-file.js",
  send: ["log"],
  final: ({ logStream }: Transport) => new Promise<void>((resolve) => logStream.end(resolve)),
};
