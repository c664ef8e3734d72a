import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { inflateSync } from "node:zlib";
import { expect, it } from "vitest";
import { runApp } from "../patch/run-app.js";
import { example } from "./app.js";

const LAMBDA = fileURLToPath(new URL("lambda.mjs", import.meta.url));
const REGISTER = new URL("../../dist/register.js", import.meta.url).href;

/** The orders that reach a slow Datadog before the function is frozen. */
async function arrived(NODE_OPTIONS: string): Promise<string[]> {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = await request.toArray();
    await wait(100);
    if (request.destroyed && !request.complete) return;
    const body = Buffer.concat(chunks);
    const text = request.headers["content-encoding"] === "deflate" ? inflateSync(body).toString() : body.toString();
    response.on("finish", () => bodies.push(text));
    response.writeHead(202, { "content-type": "application/json" }).end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const cwd = example("lambda", ["datadog-metrics"]);
  const env = { NODE_OPTIONS, DATADOG_API_KEY: "key", DATADOG_API_HOST: `http://127.0.0.1:${port}` };
  const run = await runApp([LAMBDA, join(cwd, "handler.js")], { node: [], env, cwd });
  expect(run).toMatchObject({ code: 0, stderr: "" });
  server.closeAllConnections();
  server.close();
  return [...bodies.join().matchAll(/order:(\d)/g)].map(([, id = ""]) => id).sort();
}

it("has sent everything when the handler returns; without the preload not", async () => {
  expect(await arrived("")).not.toEqual(["1", "2", "3"]);
  expect(await arrived(`--import=${REGISTER}`)).toEqual(["1", "2", "3"]);
});
