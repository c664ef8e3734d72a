import { writeSync } from "node:fs";

/** From nothing at all to everything. */
export const LOG_LEVELS = ["silent", "error", "warn", "info", "debug"] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

let threshold = LOG_LEVELS.indexOf("warn");

/** Lets lines of this level and of the graver ones through. Until it is called: `warn`. */
export function setLogLevel(level: LogLevel): void {
  threshold = LOG_LEVELS.indexOf(level);
}

function writer(level: LogLevel): (line: string) => void {
  const rank = LOG_LEVELS.indexOf(level);
  return (line) => {
    if (rank > threshold) return;
    try {
      // Synchronous and past process.stderr: the line outlives process.exit(), and initialises no stream in the app.
      writeSync(2, `flushguard: ${String(line).replace(/\s*[\r\n\u2028\u2029]+\s*/g, " ")}\n`);
    } catch {
      // A closed or full stderr is no reason to disturb the app.
    }
  };
}

/** Writes one line to stderr, if the level lets it through. Never throws. */
export const log = {
  error: writer("error"),
  warn: writer("warn"),
  info: writer("info"),
  debug: writer("debug"),
};
