/** An app that records, flushes into a server that refuses, and flushes again. Prints what the server has seen. */
import { setTimeout as sleep } from "node:timers/promises";
import { httpInFlight } from "../senders/http-in-flight.mjs";
import { senders } from "../senders/senders.mjs";
import { startServer } from "../senders/server.mjs";

const RECORDS = 10;
/** Above the pauses of the clients between their own retries of a request. */
const QUIET_MS = 2000;

const { answer, status, countIn, start } = senders[process.argv[2]];
const server = await startServer({ latencyMs: 10, answer, status, refused: 1 });
const { record, flush } = await start(server.url);

/** Settles when nothing has been on its way for a while. */
async function quiet() {
  for (let since = performance.now(); performance.now() - since < QUIET_MS; await sleep(20)) {
    if (httpInFlight() > 0 || (await server.open()) > 0) since = performance.now();
  }
}

const failures = [];
for (let i = 0; i < RECORDS; i++) record(i);
for (let flushes = 0; flushes < 2; flushes++) {
  await flush().catch((error) => failures.push(String(error)));
  await quiet();
}
const requests = await server.take();
const count = (all) => all.reduce((sum, { body }) => sum + countIn(body), 0);
const sent = count(requests);
const delivered = count(requests.filter(({ accepted }) => accepted));
process.stdout.write(`\n${JSON.stringify({ recorded: RECORDS, sent, delivered, failures })}\n`);
process.exit();
