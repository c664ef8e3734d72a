import { createServer, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { gunzipSync, inflateSync } from "node:zlib";
import { noteSend } from "../trace/recorder.js";

/** A request that arrived whole. */
export interface SinkRequest {
  path: string;
  headers: IncomingHttpHeaders;
  /** The text of the body, decompressed. */
  body: string;
}

export interface HttpSinkOptions {
  /** Milliseconds between the arrival of a request and its answer. Default 0. */
  latencyMs?: number | ((request: SinkRequest) => number);
  /** The status that the nth request is answered with; the first is 1. 0: its connection is reset. Default 200 for all. */
  status?: (n: number, request: SinkRequest) => number;
  /** The text that every request is answered with. Default `{}`. */
  answer?: string;
  /** Headers of every answer. */
  headers?: Readonly<Record<string, string>>;
}

/** A server on the loopback interface that keeps what it is sent. */
export interface HttpSink {
  /** Without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Every request in the order of arrival, answered or not. */
  readonly requests: readonly SinkRequest[];
  /** Those that were answered, in the order of the answers. */
  readonly answered: readonly SinkRequest[];
  /** The requests answered with a 2xx status, in the order of the answers. */
  readonly delivered: readonly SinkRequest[];
  /** Ends the connections with it, idle ones and those that wait for an answer. */
  close(): Promise<void>;
}

/**
 * Starts a sink for clients that speak HTTP.
 * @returns the sink, listening on a free port of 127.0.0.1
 */
export async function httpSink({
  latencyMs = 0,
  status = () => 200,
  answer = "{}",
  headers = {},
}: HttpSinkOptions = {}): Promise<HttpSink> {
  const requests: SinkRequest[] = [];
  const answered: SinkRequest[] = [];
  const delivered: SinkRequest[] = [];
  const server = createServer((incoming, response) => {
    const send = noteSend();
    void (async () => {
      const request = { path: incoming.url ?? "/", headers: incoming.headers, body: await textOf(incoming) };
      send.items = [request];
      const code = status(requests.push(request), request);
      const ms = typeof latencyMs === "number" ? latencyMs : latencyMs(request);
      if (ms > 0) await delay(ms);
      answered.push(request);
      if (code >= 200 && code < 300) delivered.push(request);
      Object.assign(send, { to: performance.now(), status: code });
      if (code === 0) incoming.socket.resetAndDestroy();
      else response.writeHead(code, { "content-type": "application/json", ...headers }).end(answer);
    })().catch((error: Error) => response.destroy(error));
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    answered,
    delivered,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The text of a body, decompressed. */
export async function textOf(incoming: IncomingMessage): Promise<string> {
  const body = await buffer(incoming);
  switch (incoming.headers["content-encoding"]) {
    case "deflate":
      return inflateSync(body).toString();
    case "gzip":
      return gunzipSync(body).toString();
    default:
      return body.toString();
  }
}
