import type { Target } from "../target.js";

interface TcpSocket {
  _socket?: { writable: boolean };
  kill(): void;
}

/**
 * Read: 0.1.0, 0.2.0, 0.2.4, 0.3.0 and all from 0.4.0 to 0.4.7. They differ in log calls, and before 0.3 a misspelt limit
 * leaves flushing to the timer. 0.0.18 has no TCP.
 *
 * `_flushBuffer` clears the buffer in the callback that it gives `_send`, once the socket is connected. A further flush
 * until then writes the same buffer, and the first callback clears what was recorded later. Where the connection fails,
 * the client calls `kill` and never the callback. Its own idle timer calls `close`, and recording goes on afterwards: a
 * close does not end the client.
 */
export const target: Target = {
  module: "statsd-client",
  versions: ">=0.1.0 <0.5.0",
  file: "lib/TCPSocket.js",
  record: ["_enqueue"],
  flush: ["_flushBuffer"],
  close: ["close"],
  buffers: { _buffer: "append" },
  view: true,
  callsOut: { flush: false },
  ends: { method: "_send", abortedBy: ["kill"] },
  // The client keeps a socket whose agent has gone, and writing to it is silent: every later batch would go nowhere.
  prepare(instance: TcpSocket) {
    if (instance._socket?.writable === false) instance.kill();
  },
};
