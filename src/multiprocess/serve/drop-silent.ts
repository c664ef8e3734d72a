import type { Server } from "node:http";
import type { Socket } from "node:net";
import { now } from "../../timers.js";

/** Connections of one kind. More than scrapers keep open, and few beside the files a process may open. */
const MOST_SILENT = 64;
/** Milliseconds in which whoever connects to ask has asked, however many do at once. */
const PATIENCE_MS = 2000;

/**
 * Ends the oldest of the connections on which nobody asks anything while there are too many: others get no answer else.
 * Those that have asked are counted apart: whoever only connects must not end the connection a scraper is about to use.
 */
export function dropSilent(server: Server): void {
  const neverAsked = new Silent();
  const betweenRequests = new Silent();
  server.on("connection", (socket: Socket) => {
    neverAsked.add(socket);
    socket.once("close", () => {
      neverAsked.delete(socket);
      betweenRequests.delete(socket);
    });
  });
  server.on("request", ({ socket }, response) => {
    neverAsked.delete(socket);
    betweenRequests.delete(socket);
    response.once("close", () => {
      if (!socket.destroyed) betweenRequests.add(socket);
    });
  });
}

class Silent {
  /** Since when each is, as `now()` has it, the oldest first. */
  readonly #sinceMs = new Map<Socket, number>();
  #timer: NodeJS.Timeout | undefined;

  add(socket: Socket): void {
    this.#sinceMs.set(socket, now());
    this.#lookLater();
  }

  delete(socket: Socket): void {
    this.#sinceMs.delete(socket);
  }

  #lookLater(): void {
    if (this.#sinceMs.size <= MOST_SILENT || this.#timer !== undefined) return;
    // What has come meanwhile is read before.
    this.#timer = setTimeout(() => setImmediate(() => this.#drop()), PATIENCE_MS).unref();
  }

  #drop(): void {
    this.#timer = undefined;
    for (const [socket, sinceMs] of this.#sinceMs) {
      if (this.#sinceMs.size <= MOST_SILENT || now() - sinceMs < PATIENCE_MS) break;
      this.#sinceMs.delete(socket);
      socket.destroy();
    }
    this.#lookLater();
  }
}
