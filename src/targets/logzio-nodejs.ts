import type { Replace, Target } from "../target.js";

interface Logger {
  callback(...told: unknown[]): unknown;
  axiosInstance: { post(url: string, body: unknown): Posted };
  url: string;
  _send(bulk: object): Promise<unknown>;
  _tryToSend(body: unknown, bulk: object): Promise<unknown>;
  _tryAgainIn(sleepMs: number, bulk: object): unknown;
}

/** What the client does with what a post gives. */
type Posted = PromiseLike<unknown>;

/**
 * A post begins some turns after the send of a bulk, and ends where a timer is set for the next: one is made to begin with the send,
 * in which the post comes later, and to end with the last, so that whoever waits for posts waits for the bulk. It calls the
 * callback that the client had when the bulk was sent first, and not that of a flush that has overtaken it.
 */
function adapt(logger: Logger, replace: Replace): void {
  const posts = new Map<object, (posted?: Posted) => void>();
  const repeats = new Map<object, (over: Promise<unknown>) => void>();
  const callbacks = new WeakMap<object, Logger["callback"]>();
  replace(logger, "_tryToSend", (tryToSend: () => Logger["_tryToSend"]) => {
    replace(logger, "_send", (original: () => Logger["_send"]) => (bulk: object): Promise<unknown> => {
      const sending = original().call(logger, bulk);
      const callback = callbacks.get(bulk) ?? logger.callback;
      callbacks.set(bulk, callback);
      let isPosted = false;
      const posted = new Promise<unknown>((resolve) => {
        posts.set(bulk, (post) => {
          posts.delete(bulk);
          isPosted = post !== undefined;
          resolve(post);
        });
      });
      const sender = Object.create(logger, {
        axiosInstance: { value: { post: () => posted } },
        callback: { value: (...told: unknown[]) => (isPosted ? callback.apply(logger, told) : undefined) },
      }) as Logger;
      const sent = tryToSend().call(sender, undefined, bulk);
      repeats.get(bulk)?.(sent.catch(() => {}));
      repeats.delete(bulk);
      // The client leaves a callback that throws unhandled.
      void sent.then(() => {});
      return sending.finally(() => posts.get(bulk)?.());
    });
    return (body: unknown, bulk: object): unknown => {
      const hand = posts.get(bulk);
      // Sent before the guard was there.
      if (hand === undefined) return tryToSend().call(logger, body, bulk);
      // What it throws, and what is no promise, fails the send, as in the client.
      return hand(logger.axiosInstance.post(logger.url, body).then((answer) => answer));
    };
  });
  replace(
    logger,
    "_tryAgainIn",
    (original: () => Logger["_tryAgainIn"]) =>
      (sleepMs: number, bulk: object): unknown => {
        const result = original().call(logger, sleepMs, bulk);
        return new Promise((resolve) => repeats.set(bulk, resolve)).then(() => result);
      },
  );
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
