import type { Target } from "../target.js";

interface BufferHolder {
  buffer: string;
}

interface Client {
  flushQueue(callback: () => void): void;
  bufferHolder: BufferHolder;
  messagesInFlight?: number;
  /** Bytes in the shared buffer as this client last knew them; since 13.2.0. */
  bufferLength?: number;
  isChild?: boolean;
}

/** The client whose `bufferLength` is right for each shared buffer: the last to record. */
const lastToRecord = new WeakMap<BufferHolder, Client>();
let hasChildren = false;

/**
 * A child client shares its parent's buffer but not its count of the bytes in it, so each sees only its own records fill a
 * packet. A buffer has one writer until a child records; from then on the bytes are counted when the writer changes.
 */
function prepare(client: Client): void {
  if (!hasChildren) {
    if (!client.isChild) return;
    hasChildren = true;
  }
  if (client.bufferLength === undefined) return;
  const holder = client.bufferHolder;
  if (lastToRecord.get(holder) === client) {
    // Another client may have flushed it meanwhile.
    if (holder.buffer === "") client.bufferLength = 0;
  } else {
    lastToRecord.set(holder, client);
    client.bufferLength = Buffer.byteLength(holder.buffer);
  }
}

/** Before 6.1.0, which counts the messages in flight, a close takes the socket away from what it has just flushed. */
function beforeClose(client: Client): Promise<void> | undefined {
  if (client.messagesInFlight !== undefined || client.bufferHolder.buffer === "") return undefined;
  return new Promise((resolve) => client.flushQueue(resolve));
}

/**
 * Read: the first and the last release of each major from 5.0.0 to 17.1.1, and between them 6.3.0 to 6.7.0, 11.1.1 to 11.3.0,
 * 13.1.0 and 14.1.1 to 14.3.0. In all of them every record reaches `_send` with its text complete, and `flushQueue` hands the
 * shared buffer to `sendMessage` before it empties it. 11.0.0 to 11.2.0 empty it first and lose nothing.
 */
export const target: Target = {
  module: "hot-shots",
  versions: ">=5.0.0 <11.0.0 || >=11.3.0 <18",
  unaffected: ">=11.0.0 <11.3.0",
  file: "lib/statsd.js",
  owner: "bufferHolder",
  record: ["_send"],
  flush: ["flushQueue"],
  send: ["sendMessage"],
  close: ["close"],
  batch: "on the stack",
  // Callbacks, error handlers and streams of the app's own.
  callsOut: { flush: true },
  // Only what a callback or error handler gives, which nothing reads.
  returns: "nothing",
  prepare,
  beforeClose,
};
