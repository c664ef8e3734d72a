import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { absentClients, absentPackages } from "../../dist/src/absent-modules.js";
import { loadConfig } from "../../dist/src/config/index.js";
import { directoryWith } from "./helpers.js";

const REGISTER = new URL("../../dist/register.js", import.meta.url).href;
const shared = directoryWith({ "shared/.keep": "" });
const app = directoryWith({ "app.cjs": "" });
const asked = { FLUSHGUARD_METRICS: "otel", FLUSHGUARD_MULTIPROCESS_DIR: `${shared}/shared` };
const known = new Map(["hot-shots", "langsmith"].map((name) => [name, true]));
const only = "only copies in bundles and inside other packages have metrics";

test("what metrics need and is not installed is told", () => {
  const config = loadConfig(asked, app);
  const metrics = `FLUSHGUARD_METRICS: found "otel", expected @opentelemetry/api to be installed; ${only}`;
  const directory = `FLUSHGUARD_MULTIPROCESS_DIR: found "${shared}/shared", expected prom-client or @prometheus-io/client to be installed; ${only}`;
  expect(absentPackages(config, () => false)).toEqual([metrics]);
  expect(absentClients(config, () => false, known)).toEqual([directory]);
  expect(absentPackages(config, (name) => name === "@opentelemetry/api")).toEqual([]);
  expect(absentClients(config, (name) => name === "@prometheus-io/client", known)).toEqual([]);
});

test("a choice of clients of which none is installed is told", () => {
  const chosen = loadConfig({ FLUSHGUARD_TARGETS: "hot-shots,langsmith" }, app);
  expect(absentClients(chosen, () => false, known)).toEqual([
    'FLUSHGUARD_TARGETS: found "hot-shots,langsmith", expected hot-shots or langsmith to be installed; ' +
      "only copies in bundles and inside other packages are guarded",
  ]);
  expect(absentClients(chosen, (name) => name === "langsmith", known)).toEqual([]);
  expect(absentClients(loadConfig({ FLUSHGUARD_TARGETS: "-hot-shots" }, app), () => false, known)).toEqual([]);
  // Of a name that no target has, it is told that none has it.
  expect(absentClients(loadConfig({ FLUSHGUARD_TARGETS: "hotshots" }, app), () => false, known)).toEqual([]);
});

test("a list with nothing in it is told where code gives it", () => {
  const index = JSON.stringify(new URL("../../dist/index.js", import.meta.url).href);
  const code = `import { defineTarget, guard } from ${index};
    class Buffer { async flush() {} }
    const { guarded } = guard(Buffer, { record: [], flush: ["flush"] });
    defineTarget({ module: "typescript", send: [], flush: ["flush"] });
    process.exitCode = guarded ? 0 : 1;`;
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8" });
  const nothing = "found [], expected the name of a method at least; it is ignored";
  expect(stderr).toContain(`flushguard: guard().record: ${nothing}\n`);
  expect(stderr).toContain(`flushguard: defineTarget().send: ${nothing}\n`);
  expect(status).toBe(0);
});

test("a file that a package has not is told where code names it, also of one that is loaded already", () => {
  const index = JSON.stringify(new URL("../../dist/index.js", import.meta.url).href);
  const code = `import { defineTarget } from ${index};
    await import("hot-shots");
    defineTarget({ module: "hot-shots", file: "lib/nothing.js", flush: ["flush"] });
    await import("hot-shots");`;
  const args = ["--import", REGISTER, "--input-type=module", "-e", code];
  const { stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  expect(stderr).toMatch(/^flushguard: hot-shots [\d.]+ is left as it is: it has no file "lib\/nothing.js"\n$/);
});

test("a process says so of its own metrics; the directory may be in the environment of what has none", () => {
  const said = (env: Record<string, string>) =>
    spawnSync(process.execPath, ["--import", REGISTER, "app.cjs"], { cwd: app, env: { ...process.env, ...env } })
      .stderr.toString()
      .split("\n")
      .filter(Boolean);
  expect(said({ FLUSHGUARD_MULTIPROCESS_DIR: asked.FLUSHGUARD_MULTIPROCESS_DIR })).toEqual([]);
  expect(said(asked)).toEqual([
    expect.stringMatching(/^flushguard: FLUSHGUARD_METRICS: found "otel", expected @opentelemetry\/api/),
  ]);
});
