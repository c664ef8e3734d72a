import type { Server } from "node:http";
import type { Socket } from "node:net";

/** Connections on which nobody asks anything. More than scrapers keep open, and few beside the files a process may open. */
const MOST_SILENT = 64;

/** Ends the oldest of the connections on which nobody asks anything while there are too many: others get no answer else. */
export function dropSilent(server: Server): void {
  const silent = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    silent.add(socket);
    socket.once("close", () => silent.delete(socket));
    const [oldest] = silent;
    if (silent.size > MOST_SILENT) oldest?.destroy();
  });
  server.on("request", ({ socket }, response) => {
    silent.delete(socket);
    response.once("close", () => {
      if (!socket.destroyed) silent.add(socket);
    });
  });
}
