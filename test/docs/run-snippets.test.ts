import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";
import { expect, test } from "vitest";
import { directoryWith } from "../config/helpers.js";
import { runApp } from "../patch/run-app.js";
import { snippets } from "./snippets.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The client of the documents, which loses what is counted during a flush. */
const CLIENT = `
exports.Metrics = class Metrics {
  bucket = {};
  constructor(port) {
    this.port = port;
  }
  count() {
    this.bucket.calls = (this.bucket.calls ?? 0) + 1;
  }
  async flush() {
    const { calls = 0 } = this.bucket;
    if (calls > 0) await fetch("http://127.0.0.1:" + this.port, { method: "POST", body: String(calls) });
    this.bucket = {};
  }
  stop() {}
};`;

/** What snippets take for granted. */
const AROUND = `
import { build } from "esbuild";
import client from "some-client";
globalThis.Metrics = client.Metrics;
globalThis.build = build;
globalThis.app = {
  get: (path, answer) => answer({ headers: {} }, { setHeader() {}, end: (body) => console.log(path, typeof body) }),
};`;

const config = snippets().find(({ code }) => code.includes('"some-client"') && code.includes('"targets"'));
const folder = directoryWith({
  "package.json": '{ "type": "module" }',
  "app.js": "",
  "around.js": AROUND,
  "flushguard.config.json": config?.code ?? "",
  "node_modules/some-client/package.json": '{ "name": "some-client", "version": "1.0.0", "main": "lib/metrics.js" }',
  "node_modules/some-client/lib/metrics.js": CLIENT,
});
for (const [name, place] of [
  ["flushguard", ROOT],
  ["esbuild", join(ROOT, "node_modules/esbuild")],
] as const) {
  symlinkSync(place, join(folder, "node_modules", name), "junction");
}
mkdirSync(join(folder, "metrics"));

// The others are files of this repository, or are run with the servers that they are about.
const all = snippets().filter(
  ({ place, language, code }) =>
    /^(?:js|ts)$/.test(language) && place.startsWith("docs/") && !code.includes("Pushgateway"),
);

test.each(all)("$place runs", async ({ place, code }) => {
  const file = join(folder, `${all.findIndex((one) => one.place === place)}.mjs`);
  const free = code.replaceAll("4999", "0").replace("new Metrics(0)", "new Metrics(server.address().port)");
  const { code: js } = transformSync(free.replaceAll("/run/app-metrics", join(folder, "metrics")), { loader: "ts" });
  writeFileSync(file, js);
  const run = (node: readonly string[]) => runApp([file], { node: ["--import", "./around.js", ...node], cwd: folder });
  const { stdout, ...rest } = await run([]);
  // Without the guard a drain has nothing to flush, and says so.
  const stderr = code.includes("drain(") ? /^flushguard: drain\(\): the guard is not on .*\n$/ : /^$/;
  expect(rest).toEqual({ code: 0, stderr: expect.stringMatching(stderr) });
  if (!code.includes("recorded,")) return;
  expect(stdout).toBe("20 recorded, 10 arrived\n");
  const guarded = await runApp([file], { node: ["--import", "flushguard/register"], cwd: folder });
  expect(guarded).toEqual({ code: 0, stdout: "20 recorded, 20 arrived\n", stderr: "" });
});

test("one of them counts, and is held to what its page says", () => {
  expect(all.filter(({ code }) => code.includes("recorded,"))).toHaveLength(1);
});
