import { afterEach, expect, test, vi } from "vitest";
import { both, same } from "./both.js";

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A sender with ten lines in its queue, and a server that does something with each connection. */
const program = (onConnection: string, rest: string): string => `
const { createServer } = require("node:net");
const { createFluentSender } = require("fluent-logger");
let arrived = "";
const server = createServer((connection) => {
  connection.on("error", () => {});
  connection.on("data", (data) => { arrived += data.toString("latin1"); });
  (${onConnection})(connection);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const { port } = server.address();
const internalLogger = { info() {}, error() {} };
const make = (options) => {
  const sender = createFluentSender("proof", { host: "127.0.0.1", port, internalLogger, ...options });
  sender.on("error", () => {});
  for (let i = 0; i < 10; i++) sender.emit("orders", { message: "<" + i + ">" });
  return sender;
};
const lines = () => new Set(arrived.match(/<\\d+>/g)).size;
${rest}
`;

const ENDS = `
const ends = [];
const sender = make();
const given = [1, 2].map((end) => sender.end(null, null, () => ends.push(end)));
while (ends.length < 2) await turn();
await new Promise((resolve) => server.close(resolve));
console.log(JSON.stringify({ ends, given, lines: lines() }));
`;

test("fluent-logger: each end calls back, and the lines before it have arrived", async () => {
  const { unguarded, guarded } = await both(program("() => {}", ENDS));
  expect(unguarded).toEqual({ ends: [1, 2], given: [null, null], lines: 0 });
  expect(guarded).toEqual({ ends: [1, 2], given: [null, null], lines: 10 });
});

test("fluent-logger: an end without a server comes as without the guard", async () => {
  const rest = `
server.close();
const sender = make({ enableReconnect: false });
await new Promise((resolve) => sender.end(null, null, resolve));
console.log(JSON.stringify("ended"));
`;
  await same(program("() => {}", rest), "ended");
});

test("fluent-logger: an end outlives a server that hangs up after the first line", async () => {
  const rest = `
const sender = make();
await new Promise((resolve) => sender.end(null, null, resolve));
console.log(JSON.stringify("ended"));
`;
  await same(program('(connection) => connection.once("data", () => connection.end())', rest), "ended");
});

/** The handle of a timer, by which the client would connect again. */
const ENDED = `
let failed = 0;
sender.on("error", () => failed++);
await new Promise((resolve) => sender.end(null, null, resolve));
await new Promise((resolve) => setTimeout(resolve, 50));
const timers = process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
console.log(JSON.stringify({ failed, timers }));
`;

test.each([
  ["Message", ""],
  ["PackedForward", ""],
  ["Message", "for (const message of [1, 2]) sender.emit('orders', { message });"],
])("fluent-logger: an end without a server leaves nothing that connects again: %s %s", async (eventMode, more) => {
  const rest = `
server.close();
const sender = make({ eventMode: "${eventMode}" });
${ENDED.replace("await new Promise((resolve) => setTimeout", `${more}\n$&`)}`;
  await same(program("() => {}", rest), { failed: 0, timers: 0 });
});

test("fluent-logger: an end outlives a server that hangs up before the first line", async () => {
  const rest = `
const sender = make();
for (let i = 0; i < 5000; i++) sender.emit("orders", { message: "x".repeat(1000) });
${ENDED}`;
  await same(program("(connection) => connection.resume().end()", rest), { failed: 0, timers: 0 });
});

test("fluent-logger: an end with a record tells once that there is no server", async () => {
  const rest = `
server.close();
const sender = make();
let failed = 0;
sender.on("error", () => failed++);
sender.end("orders", { message: "last" });
await new Promise((resolve) => setTimeout(resolve, 200));
console.log(JSON.stringify(failed));
`;
  await same(program("() => {}", rest), 1);
});

test("fluent-logger: a drain writes nothing before the handshake", async () => {
  const rest = `
make({ security: { clientHostname: "proof", sharedKey: "key" } });
const { drain } = await import(dist + "../index.js");
await drain({ timeoutMs: 100 });
console.log(JSON.stringify(arrived));
`;
  vi.stubEnv("FLUSHGUARD_DRAIN", "manual");
  await same(program("() => {}", rest), "");
});
