import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { httpSink } from "../../dist/src/proofs/sinks/http.js";
import { runApp } from "../patch/run-app.js";
import { example } from "./app.js";

const LAMBDA = fileURLToPath(new URL("lambda.mjs", import.meta.url));
const REGISTER = new URL("../../dist/register.js", import.meta.url).href;

/** The orders that reach a slow Segment before the function is frozen. */
async function arrived(NODE_OPTIONS: string): Promise<string[]> {
  const sink = await httpSink({ latencyMs: 100 });
  const cwd = example("lambda", ["@segment"]);
  const env = { NODE_OPTIONS, SEGMENT_WRITE_KEY: "key", SEGMENT_HOST: sink.url };
  const run = await runApp([LAMBDA, join(cwd, "handler.js")], { node: [], env, cwd });
  expect(run).toMatchObject({ code: 0 });
  const text = sink.delivered.map(({ body }) => body).join();
  return [...text.matchAll(/"order (\d)"/g)].map(([, id = ""]) => id).sort();
}

it("has sent everything when the handler returns; without the preload not", async () => {
  expect(await arrived("")).not.toEqual(["1", "2", "3"]);
  expect(await arrived(`--import=${REGISTER}`)).toEqual(["1", "2", "3"]);
});
