import type { Replace, Target } from "../target.js";

interface Logger {
  _tryToSend(body: unknown, bulk: object): Promise<unknown>;
  _tryAgainIn(sleepMs: number, bulk: object): unknown;
}

/**
 * A send ends with what `_tryAgainIn` gives, which sets a timer and gives nothing: it is made to end when the bulk has been sent
 * again, so that whoever waits for sends waits for their retries.
 */
function adapt(logger: Logger, replace: Replace): void {
  const waiting = new Map<object, (sending: unknown) => void>();
  replace(logger, "_tryAgainIn", (original: Logger["_tryAgainIn"]) => {
    const tryAgainIn = (sleepMs: number, bulk: object): unknown => {
      const result = original.call(logger, sleepMs, bulk);
      return new Promise((resolve) => waiting.set(bulk, resolve)).then(() => result);
    };
    return tryAgainIn;
  });
  replace(logger, "_tryToSend", (original: Logger["_tryToSend"]) => {
    const tryToSend = (body: unknown, bulk: object): Promise<unknown> => {
      const sending = original.call(logger, body, bulk);
      waiting.get(bulk)?.(sending);
      waiting.delete(bulk);
      return sending;
    };
    return tryToSend;
  });
}

/**
 * Run: 2.3.0 and 2.5.0. Before, a batch is sent by another library.
 *
 * A flush takes its batch out at once and gives the client a callback in the place of the last one, which is then called
 * whenever a batch has been answered, whoever has sent it. An empty batch is sent, too. What has met a reset or
 * a time-out is sent again, on a timer.
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
  adapt,
};
