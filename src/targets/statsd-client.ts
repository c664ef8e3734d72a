import type { Socket } from "node:dgram";
import type { Target } from "../target.js";

interface TcpSocket {
  _socket?: { writable: boolean };
  _buffer: string[];
  _flushBuffer(): void;
  kill(): void;
}

interface UdpSocket {
  _socket?: Socket;
  _buffer: string;
  _createSocket(callback: () => void): void;
  _flushBuffer(): void;
}

type Send = (...args: unknown[]) => void;

/** Settles when the packet is sent that holds what is in the buffer. */
function sent(client: UdpSocket): Promise<void> {
  client._createSocket(() => {});
  const socket = client._socket as Socket;
  return new Promise((resolve) => {
    const fields = socket as unknown as { send?: Send };
    fields.send = (...args) => {
      delete fields.send;
      (fields as { send: Send }).send(...args, resolve);
    };
    socket.once("close", resolve);
    client._flushBuffer();
  });
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
const tcp: Target = {
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
  // Before the first flush there is no socket, and a close returns at once.
  beforeClose(instance: TcpSocket) {
    if (instance._socket === undefined && instance._buffer.length > 0) instance._flushBuffer();
  },
};

/** A packet has no answer, but its close is 10 ms away, and does nothing before the first flush. */
const udp: Target = {
  module: tcp.module,
  versions: ">=0.1.0 <0.5.0",
  file: "lib/EphemeralSocket.js",
  record: ["_enqueue"],
  flush: ["_flushBuffer"],
  close: ["close"],
  batch: "on the stack",
  callsOut: { flush: false },
  returns: "nothing",
  beforeClose: (instance: UdpSocket) => (instance._buffer === "" ? undefined : sent(instance)),
};

export const targets: readonly Target[] = [tcp, udp];
