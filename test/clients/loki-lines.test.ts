import { expect, test } from "vitest";
import { installed } from "../matrix/lib/install.mjs";
import { both } from "./both.js";

interface Seen {
  atOnce: number;
  atFinish: number;
}

/** Logs lines that are each posted by itself. */
const program = (folder: string): string => `
const { once } = await import("node:events");
const { createServer } = await import("node:http");
const from = createRequire(${JSON.stringify(`${folder}/`)});
const LokiTransport = from("winston-loki");
let open = 0;
let atOnce = 0;
let answered = 0;
const server = createServer((request, response) => {
  atOnce = Math.max(atOnce, ++open);
  request.resume();
  setTimeout(() => {
    open--;
    answered++;
    response.writeHead(204).end();
  }, 300);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const host = "http://127.0.0.1:" + server.address().port;
const transport = new LokiTransport({ host, json: true, batching: false });
const logger = from("winston").createLogger({ transports: [transport] });
for (let i = 0; i < 10; i++) logger.info("line " + i);
logger.end();
await once(logger, "finish");
const atFinish = answered;
while (answered < 10) await sleep(10);
console.log(JSON.stringify({ atOnce, atFinish }));
`;

test("winston-loki, where a batch is cleared with what came meanwhile: lines by themselves are posted beside each other", async () => {
  const folder = await installed({ module: "winston-loki", version: "6.1.3", companions: { winston: "3.19.0" } });
  const { unguarded, guarded } = await both<Seen>(program(folder));
  expect(unguarded).toEqual({ atOnce: 10, atFinish: 0 });
  expect(guarded).toEqual({ atOnce: 10, atFinish: 10 });
});
