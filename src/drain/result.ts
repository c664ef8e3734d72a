/** What `drain()` is asked for. */
export interface DrainOptions {
  /** Milliseconds it may take, of a loop that turns. Absent: FLUSHGUARD_DRAIN_TIMEOUT_MS. */
  timeoutMs?: number;
  /** Package names, or names of classes given to `guard()`. Absent: every client. */
  targets?: readonly string[];
}

/** What has come of `drain()`. */
export interface DrainResult {
  /** Whether every client is flushed or was empty. */
  drained: boolean;
  clients: DrainedClient[];
}

/** What became of one client in a drain. */
export interface DrainedClient {
  /** Package name of the target, or the name of a class given to `guard()`. */
  target: string;
  /**
   * `flushed`: its flush has settled, which says no more than the client's own flush does. `empty`: it had nothing to send, where
   * its target names its buffers. `failed`: its flush threw or rejected, or gave an error to its callback. `timed out`: it
   * had not settled in time, and goes on.
   */
  state: "flushed" | "empty" | "failed" | "timed out";
  /** Why it is neither flushed nor empty. */
  reason?: string;
  /** Milliseconds it took. */
  ms: number;
}
