import { expect, test } from "vitest";
import { both, same } from "./both.js";

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

/** What an app puts in the place of the client's post, after its first line. */
const OWN_POST = `
logger.log("first");
const { axiosInstance } = logger;
const { post } = axiosInstance;
axiosInstance.post = function (url, body) {
  const lines = typeof body === "string" ? body.split("\\n").length : body;
  told.push([typeof body, lines, this === axiosInstance, url === logger.url]);
  return post.call(this, url, body);
};
logger.log("second");
logger.sendAndClose(tell("closed"));
while (told.length < 2) await turn();
told.push(sink.requests.length, axiosInstance.post === post);`;

test("logzio-nodejs: a post of the app's own is called as the client's is, and stays where it is", async () => {
  await same(program("{}", OWN_POST), [["string", 2, true, true], "closed", 1, false]);
});

const UNHANDLED = `process.on("unhandledRejection", ({ message }) => told.push(message));`;

test.each([
  ["a callback of a flush throws", "logger.flush(() => { throw new Error('callback'); });"],
  ["a callback of a close throws", "logger.sendAndClose(() => { throw new Error('callback'); });"],
  [
    "the callback of the client throws",
    "logger.callback = () => { throw new Error('callback'); }; logger._popMsgsAndSend();",
  ],
])("logzio-nodejs: where %s, the rejection is unhandled", async (_, sends) => {
  await same(program("{}", `${UNHANDLED} logger.log("line"); ${sends}`), ["callback"]);
});

test.each([
  ["throws", "throw new Error('post');", "post"],
  ["gives nothing", "", "Cannot read properties of undefined (reading 'then')"],
])("logzio-nodejs: a post that %s fails as without the guard", async (_, post, message) => {
  const sends = `${UNHANDLED}
const { axiosInstance } = logger;
axiosInstance.post = () => { ${post} };
logger.log("line");
logger.flush(tell("flushed"));`;
  await same(program("{}", sends), [message]);
});
