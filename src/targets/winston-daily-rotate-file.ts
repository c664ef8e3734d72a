import type { Target } from "../target.js";

interface Transport {
  logStream: { end(done: () => void): void };
}

/**
 * Run: 3.0.0, 3.5.2, 4.0.0, 4.5.5, 4.7.1 and 5.0.0.
 *
 * The transport says 'finish' before its file has the lines. Ending the file is what its `close` does too, which comes later.
 */
export const target: Target = {
  module: "winston-daily-rotate-file",
  versions: ">=3.0.0 <6",
  file: "daily-rotate-file.js",
  send: ["log"],
  final: ({ logStream }: Transport) => new Promise<void>((resolve) => logStream.end(resolve)),
};
