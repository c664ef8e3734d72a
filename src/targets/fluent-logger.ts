import type { Replace, Target } from "../target.js";

interface Sender {
  _connecting: boolean;
  _flushingSendQueue?: boolean;
  /** Packets, or entries by their tags. */
  _sendQueue: { length: number } | { size: number };
  _socket: object | null;
}

type Method = (this: Sender, ...args: unknown[]) => void;

/** What is to be told when nothing is being written any more. */
const waiting = new WeakMap<Sender, (() => void)[]>();

function isWriting({ _connecting, _flushingSendQueue, _sendQueue, _socket }: Sender): boolean {
  const queued = "size" in _sendQueue ? _sendQueue.size : _sendQueue.length;
  return _connecting || (_socket !== null && (_flushingSendQueue === true || queued > 0));
}

function tell(sender: Sender): void {
  if (isWriting(sender)) return;
  for (const resolve of waiting.get(sender) ?? []) resolve();
  waiting.delete(sender);
}

function adapt(sender: Sender, replace: Replace): void {
  for (const name of ["_close", "_disconnect", "_doFlushSendQueue"]) {
    replace(sender, name, (original: Method) => (...args: unknown[]) => {
      original.apply(sender, args);
      tell(sender);
    });
  }
  // The connection calls it once it is made, and what is written before that would be in the way of its handshake.
  replace(sender, "_flushSendQueue", (original: Method) => () => {
    if (!sender._connecting) original.call(sender);
  });
}

/** Settles when the queue has been written, or when there is no connection to write it to. */
function written(sender: Sender): Promise<void> | undefined {
  if (!isWriting(sender)) return undefined;
  return new Promise((resolve) => waiting.set(sender, [...(waiting.get(sender) ?? []), resolve]));
}

/**
 * Run: 3.0.0, 3.2.3 and 3.4.1.
 *
 * A record is queued until there is a connection, and the queue is written packet by packet. `end` closes the connection in the
 * next tick, whatever is in the queue.
 */
export const target: Target = {
  module: "fluent-logger",
  versions: ">=3.0.0 <4",
  file: "lib/sender.js",
  record: ["emit"],
  send: ["_flushSendQueue"],
  close: ["end"],
  batch: "on the stack",
  adapt,
  beforeClose: written,
};
