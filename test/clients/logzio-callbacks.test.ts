import { expect, test } from "vitest";
import { both } from "./both.js";

/** What each callback was given, by the name of its flush, and what had arrived by then. */
const program = (options: string, rest: string): string => `
const { createLogger } = require("logzio-nodejs");
const sink = await httpSink(${options});
const { hostname: host, port } = new URL(sink.url);
const internalLogger = { log() {} };
const timing = { sendIntervalMs: 60_000, sleepUntilNextRetry: 100 };
const logger = createLogger({ token: "proof", host, port, bufferSize: 10, internalLogger, ...timing });
const told = [];
const tell = (name) => (error) => told.push(error ? name + " refused" : name);
${rest}
for (let waited = 0; waited < 800 && told.length < 3; waited += 10) await sleep(10);
console.log(JSON.stringify(told));
`;

const THREE = `
for (const name of ["a", "b", "c"]) {
  logger.log(name);
  logger.flush(tell(name));
}`;

test("logzio-nodejs: each of the flushes that overlap calls back", async () => {
  const { unguarded, guarded } = await both(program("{ latencyMs: 50 }", THREE));
  expect(unguarded).toEqual(["c", "c", "c"]);
  expect(guarded).toEqual(["a", "b", "c"]);
});

test("logzio-nodejs: a flush is told of its own refusal", async () => {
  const { unguarded, guarded } = await both(program("{ latencyMs: 50, status: (n) => (n === 1 ? 400 : 200) }", THREE));
  expect(unguarded).toEqual(["c refused", "c", "c"]);
  expect(guarded).toEqual(["a refused", "b", "c"]);
});

test("logzio-nodejs: a flush whose batch is sent again is called back when that has arrived", async () => {
  const { unguarded, guarded } = await both(program("{ latencyMs: 50, status: (n) => (n === 1 ? 0 : 200) }", THREE));
  expect(unguarded).toEqual(["c", "c", "c"]);
  expect(guarded).toEqual(["a", "b", "c"]);
});

test("logzio-nodejs: what is sent since calls the last callback, as without the guard", async () => {
  const rest = `
await new Promise((resolve) => logger.flush(resolve));
logger.flush(tell("last"));
while (told.length === 0) await turn();
for (let i = 0; i < 20; i++) logger.log("line " + i);`;
  const { unguarded, guarded } = await both(program("{ latencyMs: 20 }", rest));
  expect(unguarded).toEqual(["last", "last", "last"]);
  expect(guarded).toEqual(unguarded);
});
