import { join } from "node:path";
import { expect, test } from "vitest";
import { directoryWith } from "../config/helpers.js";
import { freePort } from "../multiprocess/lib/processes.mjs";
import { runApp } from "../patch/run-app.js";
import { snippets } from "./snippets.js";

/** A client such as the documents have in mind: it clears its buffer after the network has answered. */
const CLIENT = `
import { request } from "node:http";
export class Metrics {
  bucket = {};
  constructor(port) {
    this.url = "http://127.0.0.1:" + port;
  }
  count() {
    this.bucket.total = (this.bucket.total ?? 0) + 1;
  }
  async flush() {
    const body = String(this.bucket.total ?? 0);
    await new Promise((resolve) => request(this.url, { method: "POST", agent: false }, (answer) => answer.resume().on("end", resolve)).end(body));
    this.bucket = {};
  }
  async stop() {
    await this.flush();
  }
}
`;

test("the target and the proof of the documents do what they say", async () => {
  const own = snippets().filter(({ place }) => place.startsWith("docs/targets.md"));
  const config = own.find(({ language }) => language === "json")?.code ?? "";
  const proof = own.find(({ code }) => code.includes("20 recorded"))?.code ?? "";
  const cwd = directoryWith({
    "flushguard.config.json": config,
    "proof.mjs": proof.replaceAll("4999", String(await freePort())),
    "node_modules/some-client/package.json": JSON.stringify({
      name: "some-client",
      version: "1.2.0",
      type: "module",
      exports: "./lib/metrics.js",
    }),
    "node_modules/some-client/lib/metrics.js": CLIENT,
  });
  const said = async (FLUSHGUARD: string) => {
    const run = await runApp([join(cwd, "proof.mjs")], { cwd, env: { FLUSHGUARD } });
    expect(run).toMatchObject({ code: 0, stderr: "" });
    return run.stdout;
  };
  expect(await said("off")).toBe("20 recorded, 10 arrived\n");
  expect(await said("on")).toBe("20 recorded, 20 arrived\n");
});
