import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { HttpSinkOptions, SinkRequest } from "../../dist/src/proofs/sinks/http.js";
import { textOf } from "../../dist/src/proofs/sinks/http.js";

export interface Server {
  url: string;
  port: number;
  /** Whether the app has got as far as its exit. */
  gone(): boolean;
  close(): Promise<void>;
}

/** How the app has a request answered. */
interface Verdict {
  id: number;
  /** 0: its connection is reset. */
  status: number;
  /** Milliseconds that it takes to take the request in. */
  latencyMs: number;
}

/** Tells the app of the requests that have arrived, and asks it how they are answered. */
class Asked {
  readonly #app: ChildProcess;
  readonly #waiting: ((verdict: Verdict) => void)[] = [];

  constructor(app: ChildProcess) {
    this.#app = app;
    app.on("message", (verdict: Verdict) => this.#waiting[verdict.id]?.(verdict));
  }

  /** @returns nothing when the sender has gone before there was an answer */
  async about(request: SinkRequest, response: ServerResponse): Promise<Verdict | undefined> {
    const gone = once(response, "close").then(() => undefined);
    const verdict = new Promise<Verdict>((resolve) => {
      this.#send({ id: this.#waiting.push(resolve) - 1, request });
    });
    return Promise.race([verdict, gone]);
  }

  answered(id: number): void {
    this.#send({ id });
  }

  #send(message: object): void {
    if (this.#app.connected) this.#app.send(message, () => {});
  }
}

/**
 * Starts a server on the loopback interface. It drops a request whose sender has gone before it is answered, as nginx
 * does: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ignore_client_abort
 * @param app is told of each request that has arrived whole, and says how it is answered; on its pipe it says when it is
 *   gone, and gets what was taken in until then
 */
export async function startServer(
  { answer = "{}", headers = {} }: Pick<HttpSinkOptions, "answer" | "headers">,
  app: ChildProcess,
): Promise<Server> {
  const taken: SinkRequest[] = [];
  const asked = new Asked(app);
  let gone = false;
  const pipe = app.stdio[4] as Socket;
  pipe.once("data", () => {
    gone = true;
    pipe.end(JSON.stringify(taken));
  });
  const server = createServer((incoming, response) => {
    void (async () => {
      const request = { path: incoming.url ?? "/", headers: incoming.headers, body: await textOf(incoming) };
      const verdict = await asked.about(request, response);
      if (verdict === undefined) return;
      await delay(verdict.latencyMs);
      if (response.destroyed) return;
      if (verdict.status >= 200 && verdict.status < 300) taken.push(request);
      if (verdict.status === 0) incoming.socket.resetAndDestroy();
      else response.writeHead(verdict.status, { "content-type": "application/json", ...headers }).end(answer);
      asked.answered(verdict.id);
    })().catch(() => void response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    gone: () => gone,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
