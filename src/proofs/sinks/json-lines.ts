import { EventEmitter, once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { notePacket } from "../trace/recorder.js";

/** A TCP server on the loopback interface that keeps the JSON documents it is sent, one a line. */
export interface JsonLinesSink {
  readonly port: number;
  /** The documents in the order of arrival. */
  readonly documents: readonly unknown[];
  /** Stops reading. Writers fill the kernel's buffers, then wait. */
  stall(): void;
  /** Reads again. */
  resume(): void;
  /**
   * Waits for a document.
   * @returns when one that matches has arrived
   * @throws AbortError when none has after two seconds
   */
  arrival(matches: (document: unknown) => boolean): Promise<void>;
  /** Reads what is left, then ends the connections. */
  close(): Promise<void>;
}

/**
 * Starts a sink for clients that write newline-delimited JSON to a socket.
 * @returns the sink, listening on a free port of 127.0.0.1
 */
export async function jsonLinesSink(): Promise<JsonLinesSink> {
  const documents: unknown[] = [];
  const sockets = new Set<Socket>();
  const arrivals = new EventEmitter();
  let stalled = false;

  const server = createServer({ pauseOnConnect: true }, (socket) => {
    let partial = "";
    sockets.add(socket);
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => {
      partial += chunk;
      if (!chunk.includes("\n")) return;
      const lines = partial.split("\n");
      partial = lines.pop() ?? "";
      const arrived = lines.map((line): unknown => JSON.parse(line));
      notePacket(arrived);
      documents.push(...arrived);
      arrivals.emit("documents");
    });
    if (stalled) socket.pause();
    else socket.resume();
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));

  const resume = (): void => {
    stalled = false;
    for (const socket of sockets) socket.resume();
  };
  return {
    port: (server.address() as AddressInfo).port,
    documents,
    stall: () => {
      stalled = true;
      for (const socket of sockets) socket.pause();
    },
    resume,
    arrival: async (matches) => {
      const signal = AbortSignal.timeout(2000);
      while (!documents.some(matches)) await once(arrivals, "documents", { signal });
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        resume();
        // Not destroy(): a reset reaches some clients as an uncaught error.
        for (const socket of sockets) socket.end();
      }),
  };
}
