import { createSocket } from "node:dgram";
import { setTimeout as sleep } from "node:timers/promises";
import { notePacket } from "../trace/recorder.js";

/** A loopback agent that keeps the statsd lines it receives. */
export interface LineSink {
  /** Port on 127.0.0.1. */
  readonly port: number;
  /** Lines in the order of arrival, repeats included. */
  readonly lines: readonly string[];
  /** Bytes of each datagram, or of each chunk read from a connection. */
  readonly packets: readonly number[];
  /**
   * Waits until nothing has arrived for a while.
   * @param quietMs milliseconds without an arrival
   */
  idle(quietMs?: number): Promise<void>;
  /** Ends every connection and frees the port; what arrived stays readable. */
  close(): Promise<void>;
}

/** The name in the line of an increment; the line itself where it is anything else. */
export function nameIn(line: string): string {
  return /^(.*):1\|c$/.exec(line)?.[1] ?? line;
}

/** Keeps the process alive until `quietMs` have passed since both the call and the last arrival. */
export async function quiet(lastArrival: () => number, quietMs: number): Promise<void> {
  const since = performance.now();
  for (;;) {
    const remaining = quietMs - (performance.now() - Math.max(since, lastArrival()));
    if (remaining <= 0) return;
    await sleep(remaining);
  }
}

const quietByDefault = 100;
/** Room for a burst of datagrams; the kernel may grant less. */
const receiveBuffer = 4 * 1024 * 1024;

/** Starts an agent on UDP, on a free port. */
export async function udpSink(): Promise<LineSink> {
  const lines: string[] = [];
  const packets: number[] = [];
  let last = 0;
  const socket = createSocket({ type: "udp4", recvBufferSize: receiveBuffer });
  socket.on("message", (packet) => {
    last = performance.now();
    packets.push(packet.length);
    const arrived = packet.toString().split("\n").filter(Boolean);
    notePacket(arrived);
    lines.push(...arrived);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.bind(0, "127.0.0.1", resolve);
  });
  return {
    port: socket.address().port,
    lines,
    packets,
    idle: (quietMs = quietByDefault) => quiet(() => last, quietMs),
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}
