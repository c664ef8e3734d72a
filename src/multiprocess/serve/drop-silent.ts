import type { Server } from "node:http";
import type { Socket } from "node:net";

/** Connections of one kind. More than scrapers keep open, and few beside the files a process may open. */
const MOST_SILENT = 64;

/**
 * Ends the oldest of the connections on which nobody asks anything while there are too many: others get no answer else.
 * Those that have asked are counted apart: whoever only connects must not end the connection a scraper is about to use.
 */
export function dropSilent(server: Server): void {
  const neverAsked = silentSockets();
  const betweenRequests = silentSockets();
  server.on("connection", (socket: Socket) => neverAsked.add(socket));
  server.on("request", ({ socket }, response) => {
    neverAsked.delete(socket);
    betweenRequests.delete(socket);
    response.once("close", () => {
      if (!socket.destroyed) betweenRequests.add(socket);
    });
  });
}

function silentSockets() {
  const sockets = new Set<Socket>();
  const remove = (socket: Socket) => sockets.delete(socket);
  return {
    add(socket: Socket): void {
      sockets.add(socket);
      socket.once("close", () => remove(socket));
      const [oldest] = sockets;
      if (sockets.size > MOST_SILENT) oldest?.destroy();
    },
    delete: remove,
  };
}
