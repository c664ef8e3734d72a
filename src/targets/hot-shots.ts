import type { Target } from "../target.js";

interface BufferHolder {
  buffer: string;
}

interface Client {
  bufferHolder: BufferHolder;
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

/**
 * Read: 5.0.0, 5.9.2, 6.0.0, 6.8.7, 7.0.0, 7.8.0, 8.0.0, 8.5.2, 9.0.0, 9.3.0, 10.0.0, 10.2.1, 11.0.0, 11.4.0, 12.0.0, 12.1.0,
 * 13.0.0, 13.2.0, 14.0.0, 14.3.1, 15.0.0, 16.0.0, 17.0.0 and 17.1.1. In all of them every record reaches `_send` with its
 * text complete, and `flushQueue` hands the shared buffer to `sendMessage` before it empties it.
 */
export const target: Target = {
  module: "hot-shots",
  versions: ">=5.0.0 <18",
  file: "lib/statsd.js",
  owner: "bufferHolder",
  record: ["_send"],
  flush: ["flushQueue"],
  send: ["sendMessage"],
  close: ["close"],
  synchronous: true,
  // Only what a callback or error handler gives, which nothing reads.
  returns: "nothing",
  prepare,
};
