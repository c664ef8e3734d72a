import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";

const RECORD = /r\.\w+\.\d+\./g;

/** A server for the clients of the fixtures, over HTTP and UDP. */
export interface Sink {
  env: { SINK_URL: string; SINK_UDP: string };
  /** Each record that was answered with success, as often as it arrived. */
  arrived: string[];
  /** How many different ones there are, of one client or of all. */
  distinct(client?: string): number;
  close(): Promise<void>;
}

/**
 * @param latencyMs milliseconds until an answer
 * @param status of an answer; 0 for none
 */
export async function openSink(latencyMs = 100, status: (n: number) => number = () => 200): Promise<Sink> {
  const arrived: string[] = [];
  let requests = 0;
  const server = createServer((request, response) => {
    const code = status(++requests);
    void (async () => {
      const bytes = await buffer(request);
      const text = (request.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes).toString();
      if (code === 0) return;
      setTimeout(() => {
        if (code < 300) arrived.push(...new Set(text.match(RECORD)));
        // What InfluxDB answers.
        const answer = code === 200 && request.url?.startsWith("/api/v2/write") ? 204 : code;
        response.writeHead(answer, { "content-type": "application/json" }).end("{}");
      }, latencyMs);
    })().catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  const socket = createSocket("udp4", (message) => arrived.push(...(message.toString().match(RECORD) ?? [])));
  socket.bind(0, "127.0.0.1");
  await Promise.all([once(server, "listening"), once(socket, "listening")]);
  return {
    env: {
      SINK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      SINK_UDP: String(socket.address().port),
    },
    arrived,
    distinct: (client) =>
      new Set(arrived.filter((name) => client === undefined || name.startsWith(`r.${client}.`))).size,
    async close() {
      server.closeAllConnections();
      server.close();
      socket.close();
      await once(server, "close");
    },
  };
}
