import type { LogLevel } from "../log.js";
import type { Target } from "../target.js";

/** OpenTelemetry's API, or prom-client. */
export type MetricSystem = "otel" | "prom";

/** What makes the process flush its clients by itself. */
export type DrainTrigger = "beforeExit" | "SIGTERM" | "SIGINT" | "SIGHUP" | "lambda";

/** What the environment and the config file ask for, checked. Frozen throughout. */
export interface Config {
  readonly enabled: boolean;
  /** Hazards are counted and nothing is changed. */
  readonly observe: boolean;
  readonly targets: {
    /** Modules to guard. Absent: every target. */
    readonly only: readonly string[] | undefined;
    /** Modules to leave alone. */
    readonly except: readonly string[];
  };
  /** Metric systems of the app's that get metrics of the guard. */
  readonly metrics: readonly MetricSystem[];
  readonly logLevel: LogLevel;
  /** Milliseconds after which a flush that has not settled releases its lock. */
  readonly flushTimeoutMs: number;
  /** Record calls held for one lock owner before its lock is released. */
  readonly maxHeld: number;
  /** Where the metrics of several processes are added up. Absent: nowhere. */
  readonly multiprocess: MultiprocessConfig | undefined;
  /** When the process flushes its clients by itself; for `manual` never. Absent: it does not prepare for it. */
  readonly drain: readonly DrainTrigger[] | undefined;
  /** Milliseconds that a drain may take. */
  readonly drainTimeoutMs: number;
  /** The targets of the config file, in its order. */
  readonly userTargets: readonly Target[];
  /** One line for each wrong value: where, what was found, what is expected, what happens now. */
  readonly problems: readonly string[];
}

export interface MultiprocessConfig {
  /** Absolute path. */
  readonly directory: string;
  /** Whether `register.metrics()` shows all processes. */
  readonly merged: boolean;
  /** Milliseconds after which what was recorded is in the file. 0: at the end of each tick of the event loop. */
  readonly flushMs: number;
}
