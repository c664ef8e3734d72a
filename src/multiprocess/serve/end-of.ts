import { once } from "node:events";
import type { Server, ServerResponse } from "node:http";

/** Milliseconds that answers have to reach who asked. */
const GRACE_MS = 5000;

/**
 * `server.close()` alone waits for connections on which nobody has asked anything yet, or asks anything any more.
 * @returns what ends the server as soon as the requests that it is answering are answered
 */
export function endOf(server: Server): () => Promise<void> {
  const answering = new Set<ServerResponse>();
  let ending = false;
  const endIfIdle = () => {
    if (ending && answering.size === 0) server.closeAllConnections();
  };
  server.prependListener("request", (_, response) => {
    answering.add(response);
    response.once("close", () => {
      answering.delete(response);
      endIfIdle();
    });
  });
  return async () => {
    const closed = once(server, "close");
    const timer = setTimeout(() => server.closeAllConnections(), GRACE_MS);
    ending = true;
    server.close();
    endIfIdle();
    await closed;
    clearTimeout(timer);
  };
}
