// Stands in for the proofs' HTTP sink. What a scenario asks once its flush has returned is what has been delivered: an app
// would exit here. This one stands still, so that nothing of it runs any more, until its server, which is in another
// process, has said what it has taken in.
import { once } from "node:events";
import { readSync, writeSync } from "node:fs";

/** The pipe to the test. */
const PIPE = 4;

/** Tells the server that the app is gone. @returns what it has taken in, without a turn of the loop */
function taken() {
  writeSync(PIPE, "gone");
  const chunk = Buffer.alloc(65_536);
  const chunks = [];
  for (let size = readSync(PIPE, chunk); size > 0; size = readSync(PIPE, chunk)) {
    chunks.push(Buffer.from(chunk.subarray(0, size)));
  }
  return JSON.parse(Buffer.concat(chunks).toString());
}

/** The server is the test's, which asks how each request is to be answered. */
export async function httpSink({ latencyMs = 0, answer, headers, status = () => 200 }) {
  process.send({ answer, headers });
  const [{ url, port }] = await once(process, "message");
  const requests = [];
  const answered = [];
  const accepted = [];
  const codes = [];
  let delivered;
  process.on("message", ({ request, id }) => {
    if (request === undefined) {
      answered.push(requests[id]);
      if (codes[id] >= 200 && codes[id] < 300) accepted.push(requests[id]);
      return;
    }
    const code = status(requests.push(request), request);
    codes.push(code);
    const ms = typeof latencyMs === "number" ? latencyMs : latencyMs(request);
    process.send({ id, status: code, latencyMs: ms });
  });
  return {
    url,
    port,
    requests,
    answered,
    get delivered() {
      if (delivered === undefined) {
        delivered = taken();
        // Later the scenario waits for the rest, so as to end.
        setImmediate(() => {
          delivered = accepted;
        });
      }
      return delivered;
    },
    close: async () => {},
  };
}
