/**
 * An HTTP server in a process of its own, as what it costs must not count for the client. It answers every request after
 * some time, keeps the bodies, and tells on request what it has taken.
 */
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync, inflateSync } from "node:zlib";

const {
  latencyMs,
  answer = "{}",
  status = 200,
  refused = 0,
  refusal = 503,
  of = "",
  keepAliveMs = 60_000,
} = JSON.parse(process.argv[2] ?? "{}");
/** What InfluxDB answers. */
const INFLUX_STATUS = 204;
const decompress = { gzip: gunzipSync, deflate: inflateSync };
let arrived = 0;
let taken = [];
let open = 0;

async function answerTo(request, response) {
  open++;
  const sent = await buffer(request);
  const body = (decompress[request.headers["content-encoding"]]?.(sent) ?? sent).toString();
  const success = status === 200 && request.url.startsWith("/api/v2/write") ? INFLUX_STATUS : status;
  const code = body.includes(of) && arrived++ < refused ? refusal : success;
  await sleep(latencyMs);
  taken.push({ accepted: code < 300, body });
  response.writeHead(code, { "content-type": "application/json" }).end(code === 204 ? undefined : answer);
  open--;
}

const server = createServer((request, response) => void answerTo(request, response));
server.keepAliveTimeout = keepAliveMs;
server.listen(0, "127.0.0.1", () => process.send?.({ url: `http://127.0.0.1:${server.address().port}` }));

const messages = {
  open: () => open,
  take: () => {
    const requests = taken;
    taken = [];
    return requests;
  },
};
process.on("message", (name) => process.send?.(messages[name]()));
process.on("disconnect", () => process.exit());
