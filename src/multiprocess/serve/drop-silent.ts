import type { Server } from "node:http";
import type { Socket } from "node:net";

/** Connections of one kind. More than scrapers keep open, and few beside the files a process may open. */
const MOST_SILENT = 64;

/**
 * Ends the oldest of the connections on which nobody asks anything while there are too many: others get no answer else.
 * Those that have asked are counted apart: whoever only connects must not end the connection a scraper is about to use.
 */
export function dropSilent(server: Server): void {
  const neverAsked = new Set<Socket>();
  const betweenRequests = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    add(socket, neverAsked);
    socket.once("close", () => {
      neverAsked.delete(socket);
      betweenRequests.delete(socket);
    });
  });
  server.on("request", ({ socket }, response) => {
    neverAsked.delete(socket);
    betweenRequests.delete(socket);
    response.once("close", () => {
      if (!socket.destroyed) add(socket, betweenRequests);
    });
  });
}

function add(socket: Socket, silent: Set<Socket>): void {
  silent.add(socket);
  const [oldest] = silent;
  if (silent.size <= MOST_SILENT || oldest === undefined) return;
  silent.delete(oldest);
  oldest.destroy();
}
