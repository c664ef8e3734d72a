import { type AddressInfo, createServer, type Socket } from "node:net";
import { notePacket } from "../trace/recorder.js";
import { type LineSink, quiet } from "./udp.js";

/** An agent on TCP, which can drop its connections and go on listening, as one that restarts in place does. */
export interface TcpSink extends LineSink {
  /** Resets every connection: the client sees ECONNRESET. */
  reset(): void;
}

const quietByDefault = 100;

/**
 * Starts an agent on TCP.
 * @param port the port to listen on, that of an agent that went away; absent: a free one
 * @throws when the port is taken
 */
export async function tcpSink(port = 0): Promise<TcpSink> {
  const lines: string[] = [];
  const packets: number[] = [];
  const connections = new Set<Socket>();
  let last = 0;
  const take = (arrived: readonly string[]): void => {
    if (arrived.length > 0) notePacket(arrived);
    lines.push(...arrived);
  };
  const server = createServer((connection) => {
    let unfinished = "";
    connections.add(connection);
    connection.setEncoding("utf8");
    connection.on("data", (chunk: string) => {
      last = performance.now();
      packets.push(Buffer.byteLength(chunk));
      const parts = (unfinished + chunk).split("\n");
      unfinished = parts.pop() ?? "";
      take(parts.filter(Boolean));
    });
    connection.on("end", () => {
      if (unfinished) take([unfinished]);
    });
    connection.on("error", () => {});
    connection.on("close", () => connections.delete(connection));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    lines,
    packets,
    idle: (quietMs = quietByDefault) => quiet(() => last, quietMs),
    reset: () => {
      for (const connection of connections) connection.resetAndDestroy();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const connection of connections) connection.destroy();
      }),
  };
}
