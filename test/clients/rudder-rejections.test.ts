import { describe, expect, test } from "vitest";
import { type Exit, run } from "../guard/child.js";

const register = new URL("../../dist/register.js", import.meta.url).href;

/** An app whose API refuses the batch that the client flushes of its own accord, and the 20 events after it. */
const app = (options: string, uses: string): string => `
import { createRequire } from "node:module";
const { httpSink } = await import(dist + "proofs/sinks/http.js");
const Analytics = createRequire(process.cwd() + "/")("@rudderstack/rudder-sdk-node");
const sink = await httpSink({ status: () => 400, latencyMs: 20 });
const told = [];
const client = new Analytics("proof", {
  dataPlaneUrl: sink.url, flushAt: 20, flushInterval: 10_000, ${options} });
for (let i = 0; i < 21; i++) client.track({ userId: "proof", event: "event " + i });
${uses}
await sleep(200);
console.log(JSON.stringify({ told, requests: sink.requests.length }));
process.exit(0);`;

const listens = `process.on("unhandledRejection", (error) => told.push("unhandled: " + error.message));`;
const awaits = `await client.flush().catch((error) => told.push("caught: " + error.message));`;

const cases: [string, string, string, number][] = [
  ["nobody listens", "", "", 1],
  ["nobody listens, and the app awaits a flush", "", awaits, 1],
  ["a listener for unhandled rejections", "", listens, 0],
  ["an error handler", `errorHandler: (error) => told.push("handled: " + error.message),`, awaits, 0],
];

/** How the app ended, and the line that it printed last. */
function ending({ code, stdout, stderr }: Exit): unknown {
  const error = stderr.split("\n").find((line) => /^\w*Error\b/.test(line));
  return { code, error, last: code === 0 ? stdout.trim().split("\n").at(-1) : undefined };
}

describe("a refused automatic flush of @rudderstack/rudder-sdk-node ends the process only where it would unguarded", () => {
  test.each(cases)("%s", async (_, options, uses, code) => {
    const source = app(options, uses);
    const unguarded = ending(await run(source, [], { FLUSHGUARD: "off" }));
    const guarded = ending(await run(source, ["--import", register]));
    expect(unguarded).toMatchObject({ code });
    expect(guarded).toEqual(unguarded);
  });
});
