// Stands in for the proofs' HTTP sink. What a scenario asks once its flush has returned is what has been delivered: here
// the app exits instead, and the server is in another process.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { httpSink as ownSink } from "../../dist/src/proofs/sinks/http.js";

const taken = process.env.EXIT_TEST_TAKEN;

/** In the app: its server is the test's, which asks how each request is to be answered. */
async function exitingSink({ latencyMs = 0, answer, headers, status = () => 200 }) {
  process.send({ answer, headers });
  const [{ url, port }] = await once(process, "message");
  const requests = [];
  const answered = [];
  process.on("message", ({ request, id }) => {
    if (request === undefined) return void answered.push(requests[id]);
    const code = status(requests.push(request), request);
    const ms = typeof latencyMs === "number" ? latencyMs : latencyMs(request);
    process.send({ id, status: code, latencyMs: ms });
  });
  return {
    url,
    port,
    requests,
    answered,
    get delivered() {
      return process.exit(0);
    },
    close: async () => {},
  };
}

/** In a second run, for the scenario to count what the first one's server has taken in. */
async function countingSink(options) {
  const sink = await ownSink(options);
  const first = JSON.parse(readFileSync(taken, "utf8"));
  let counted = false;
  return {
    ...sink,
    get delivered() {
      setImmediate(() => {
        counted = true;
      });
      return counted ? sink.delivered : first;
    },
  };
}

export const httpSink = taken === undefined ? exitingSink : countingSink;
