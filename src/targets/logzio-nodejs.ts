import type { Replace, Target } from "../target.js";

interface Logger {
  callback(...told: unknown[]): unknown;
  axiosInstance: { post(url: string, body: unknown): Promise<unknown> };
  _send(bulk: object): Promise<unknown>;
  _tryToSend(body: unknown, bulk: object): Promise<unknown>;
  _tryAgainIn(sleepMs: number, bulk: object): unknown;
}

/**
 * A post begins some turns after the send of a bulk, and ends where a timer is set for the next: it is made to begin with the send
 * and to wait for its body, and to end with the last, so that whoever waits for posts waits for the bulk. It calls the callback that
 * the client had when the bulk was sent first, and not that of a flush that has overtaken it.
 */
function adapt(logger: Logger, replace: Replace): void {
  const bodies = new Map<object, (body: unknown) => void>();
  const repeats = new Map<object, (post: Promise<unknown>) => void>();
  const callbacks = new WeakMap<object, Logger["callback"]>();
  const tryToSend = logger._tryToSend;
  replace(logger, "_send", (original: Logger["_send"]) => (bulk: object): Promise<unknown> => {
    const sending = original.call(logger, bulk);
    const callback = callbacks.get(bulk) ?? logger.callback;
    callbacks.set(bulk, callback);
    const sender = Object.create(logger, {
      callback: { value: (...told: unknown[]) => callback.apply(logger, told) },
    }) as Logger;
    const post = tryToSend.call(sender, new Promise((resolve) => bodies.set(bulk, resolve)), bulk);
    repeats.get(bulk)?.(post);
    repeats.delete(bulk);
    return sending;
  });
  replace(logger, "_tryToSend", () => (body: unknown, bulk: object): void => {
    bodies.get(bulk)?.(body);
    bodies.delete(bulk);
  });
  replace(logger.axiosInstance, "post", (original: Logger["axiosInstance"]["post"]) => {
    return async (url: string, body: unknown): Promise<unknown> => original.call(logger.axiosInstance, url, await body);
  });
  replace(logger, "_tryAgainIn", (original: Logger["_tryAgainIn"]) => (sleepMs: number, bulk: object): unknown => {
    const result = original.call(logger, sleepMs, bulk);
    return new Promise((resolve) => repeats.set(bulk, resolve)).then(() => result);
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
  send: ["_send", "_tryToSend"],
  flush: ["flush"],
  close: ["sendAndClose"],
  batch: "detached",
  ends: { callback: 0 },
  adapt,
};
