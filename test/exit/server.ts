import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { SinkRequest } from "../../dist/src/proofs/sinks/http.js";
import { textOf } from "../../dist/src/proofs/sinks/http.js";

export interface Server {
  url: string;
  port: number;
  /** What was taken in, in order. */
  taken: readonly SinkRequest[];
  /** Settles when every request that has arrived is taken in or dropped. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export interface ServerOptions {
  /** Milliseconds that it takes to take a request in. */
  latencyMs: number;
  /** The text of every answer. */
  answer?: string;
  /** The status of every answer. */
  status?: number;
}

/**
 * Starts a server on the loopback interface. It drops a request whose sender has gone before it is answered, as nginx
 * does: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ignore_client_abort
 * @param arrived called with each request that has arrived whole, when it has
 */
export async function startServer(
  { latencyMs, answer = "{}", status = 200 }: ServerOptions,
  arrived: (request: SinkRequest) => void,
): Promise<Server> {
  const taken: SinkRequest[] = [];
  const working = new Set<Promise<void>>();
  const server = createServer((incoming, response) => {
    const work = (async () => {
      const request = { path: incoming.url ?? "/", headers: incoming.headers, body: await textOf(incoming) };
      arrived(request);
      await delay(latencyMs);
      if (response.destroyed) return;
      taken.push(request);
      response.writeHead(status, { "content-type": "application/json" }).end(answer);
    })()
      .catch(() => void response.destroy())
      .finally(() => working.delete(work));
    working.add(work);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    taken,
    idle: async () => {
      while (working.size > 0) await Promise.all(working);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
