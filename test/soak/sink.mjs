import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";

/** Values that can be told apart. */
const MOST = 50_000_000;
const STALL_MS = 1_500;

/** What goes wrong, one after the other, with good times between. */
const MOODS = ["well", "stalls", "well", "resets", "well", "refuses", "well", "vanishes"];
const MOOD_MS = 1_500;

/**
 * Servers for the clients of the service, over HTTP and UDP, which stall, reset, refuse, vanish and come back. Nothing that
 * they have not answered with success counts.
 */
export async function startSink() {
  /** How often each value has arrived, by client. @type {Map<string, Uint8Array>} */
  const arrived = new Map();
  let mood = 0;

  function take(/** @type {string} */ client, /** @type {string} */ text) {
    let counts = arrived.get(client);
    if (counts === undefined) {
      counts = new Uint8Array(MOST);
      arrived.set(client, counts);
    }
    // One record may name its value twice.
    for (const n of new Set(Array.from(text.matchAll(/soak-(\d+)-/g), ([, value]) => Number(value)))) counts[n]++;
  }

  const server = createServer((request, response) => {
    if (MOODS[mood] === "resets") {
      request.socket.destroy();
      return;
    }
    void (async () => {
      const bytes = await buffer(request);
      const text = (request.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes).toString();
      if (MOODS[mood] === "stalls") await sleep(STALL_MS);
      const folder = request.url?.split("/")[1] ?? "";
      const client = folder === "v1" ? "segment" : folder;
      const status = MOODS[mood] === "refuses" ? 500 : client === "influx" ? 204 : 200;
      if (status < 300) take(client, text);
      response.writeHead(status, { "content-type": "application/json" }).end(status === 204 ? undefined : "{}");
    })().catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  const socket = createSocket({ type: "udp4", recvBufferSize: 8 * 1024 * 1024 }, (message) =>
    take("statsd", message.toString()),
  );
  socket.bind(0, "127.0.0.1");
  await Promise.all([once(server, "listening"), once(socket, "listening")]);
  const { port } = server.address();

  const moods = setInterval(() => {
    mood = (mood + 1) % MOODS.length;
    if (MOODS[mood] === "vanishes") {
      server.close();
      server.closeIdleConnections();
    } else if (!server.listening) {
      server.listen(port, "127.0.0.1");
    }
  }, MOOD_MS);

  return {
    env: { SINK_URL: `http://127.0.0.1:${port}`, SINK_UDP: String(socket.address().port) },
    arrived,
    /** From now on all is well. */
    async recover() {
      clearInterval(moods);
      mood = 0;
      if (!server.listening) server.listen(port, "127.0.0.1");
    },
    close() {
      clearInterval(moods);
      server.close();
      server.closeAllConnections();
      socket.close();
    },
  };
}
