import type { Socket } from "node:net";
import type { Replace, Target } from "../target.js";

interface Sender {
  _close(): void;
  _connecting: boolean;
  _flushingSendQueue?: boolean;
  /** Packets, or entries by their tags. */
  _sendQueue: { length: number } | { size: number };
  _socket: Socket | null;
}

type Method = (this: Sender, ...args: unknown[]) => void;

/** What is to be told when nothing is being written any more. */
const waiting = new WeakMap<Sender, (() => void)[]>();

/** Closed while they were connecting, which the client takes them to be until that has come about. */
const closed = new WeakSet<Sender>();

function isWriting(sender: Sender): boolean {
  const { _connecting, _flushingSendQueue, _sendQueue, _socket } = sender;
  const queued = "size" in _sendQueue ? _sendQueue.size : _sendQueue.length;
  if (_connecting) return !closed.has(sender);
  return _socket !== null && (_flushingSendQueue === true || queued > 0);
}

function tell(sender: Sender): void {
  if (isWriting(sender)) return;
  for (const resolve of waiting.get(sender) ?? []) resolve();
  waiting.delete(sender);
}

function adapt(sender: Sender, replace: Replace): void {
  for (const name of ["_close", "_disconnect", "_doFlushSendQueue"]) {
    replace(sender, name, (original: () => Method) => (...args: unknown[]) => {
      original().apply(sender, args);
      tell(sender);
    });
  }
  // The connection calls it once it is made, and what is written before that would be in the way of its handshake.
  replace(sender, "_flushSendQueue", (original: () => Method) => () => {
    if (sender._connecting) return;
    closed.delete(sender);
    original().call(sender);
  });
}

/** Closes a connection that fails, as an `end` that does not wait has done by then: the client would report it and connect again. */
function closeWhereItFails(sender: Sender): void {
  const { _socket } = sender;
  // Before 3.3 it is made in the next tick.
  if (_socket === null) process.nextTick(() => sender._socket && closeWhereItFails(sender));
  for (const event of ["error", "end"]) {
    _socket?.prependOnceListener(event, () => {
      if (sender._socket !== _socket) return;
      if (sender._connecting) closed.add(sender);
      sender._close();
    });
  }
}

/** Whether an `end` has no record of its own, which needs a label and something under it. */
function isBare([label, data]: readonly unknown[]): boolean {
  return label === undefined || label === null || data === undefined || data === null;
}

/** Settles when the queue has been written, or when there is no connection to write it to. */
function written(sender: Sender, end?: readonly unknown[]): Promise<void> | undefined {
  if (!isWriting(sender)) return undefined;
  if (end !== undefined) {
    if (isBare(end)) closeWhereItFails(sender);
    // The client closes when the record is written, which is the last of the queue.
    else if ("length" in sender._sendQueue) return undefined;
  }
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
