import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { told, WRONG } from "../patch/run-app.js";
import { loadedBy } from "./loaded-scripts.js";

const REGISTER_CJS = fileURLToPath(new URL("../../dist/register.cjs", import.meta.url));
const METRICS = { module: "patch-export", export: "Metrics", record: ["count"], flush: ["flush"] };

/** All that a plain preload loads of ours. What commands, proofs and clients need is none of it. */
const PLAIN = [
  "register.js",
  "src/chosen-targets.js",
  "src/config/env.js",
  "src/config/environment.js",
  "src/config/index.js",
  "src/config/switch.js",
  "src/hooks/commonjs.js",
  "src/hooks/es-modules.js",
  "src/hooks/footer.js",
  "src/hooks/index.js",
  "src/hooks/installed.js",
  "src/hooks/package-file.js",
  "src/hooks/replace-property.js",
  "src/hooks/watch.js",
  "src/log.js",
  "src/preload.js",
  "src/runtime.js",
  "src/targets/list.js",
];
/** Where a client with ES modules is installed and Node is too old to hook them in this thread. */
const OLDER = "src/hooks/loader-thread.js";
/** require-in-the-middle and what it needs. */
const HOOK_PACKAGES = [
  "debug",
  "has-flag",
  "module-details-from-path",
  "ms",
  "require-in-the-middle",
  "supports-color",
];

describe("what a preload without any target installed loads", () => {
  test("is at most 40 files and 4,000 lines, dependencies included, and nothing that only a target needs", async () => {
    const { scripts, lines, code, stderr } = await loadedBy(["nothing.cjs"]);
    console.log(`--import flushguard/register: ${scripts.length} files, ${lines} lines`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const ours = scripts.filter((script) => script === "register.js" || script.startsWith("src/"));
    expect(ours.filter((script) => script !== OLDER)).toEqual(PLAIN);
    expect(scripts).toContain("require-in-the-middle/index.js");
    expect(scripts.length).toBeLessThanOrEqual(40);
    expect(lines).toBeLessThanOrEqual(4000);
    const packages = scripts.filter((script) => !ours.includes(script)).map((script) => script.split("/")[0]);
    expect(new Set(packages)).toEqual(new Set(HOOK_PACKAGES));
  });

  test("grows when a target is loaded, by what that target needs", async () => {
    const unversioned = await loadedBy(["reach.cjs", "export"], { targets: [METRICS] });
    expect(unversioned.code).toBe(0);
    expect(unversioned.scripts).toEqual(expect.arrayContaining(["src/patch/patcher.js", "src/guard/guard.js"]));
    const packages = unversioned.scripts.map((script) => script.split("/")[0]);
    expect(packages).toEqual(expect.arrayContaining(["async-mutex", "shimmer"]));
    expect(packages).not.toContain("semver");
    expect(packages).not.toContain("picomatch");
    expect(unversioned.scripts.filter((script) => script.startsWith("src/targets/"))).toEqual(["src/targets/list.js"]);
    const versioned = await loadedBy(["reach.cjs", "export"], {
      targets: [{ ...METRICS, versions: "^1", file: "*.cjs" }],
    });
    expect(versioned.scripts.map((script) => script.split("/")[0])).toEqual(
      expect.arrayContaining(["semver", "picomatch"]),
    );
  });
});

describe("FLUSHGUARD=off", () => {
  test.each(["off", "0", "false", "no", "OFF", " No "])("%j loads the check and nothing else", async (value) => {
    const env = { FLUSHGUARD: value };
    const imported = await loadedBy(["nothing.cjs"], { env });
    expect(imported).toMatchObject({ code: 0, stdout: "", stderr: "" });
    expect(imported.scripts).toEqual(["register.js", "src/config/switch.js"]);
    const required = await loadedBy(["nothing.cjs"], { env, node: ["--require", REGISTER_CJS] });
    expect(required.scripts).toEqual(["register.js", "src/config/switch.js", "src/register.cjs"]);
  });

  test.each([undefined, "", "on", "1", "yes"])("%j does not", async (value) => {
    const { scripts } = await loadedBy(["nothing.cjs"], { env: { FLUSHGUARD: value, FLUSHGUARD_LOG: "silent" } });
    expect(scripts).toContain("src/hooks/index.js");
  });

  test("is heard by the API too: nothing is hooked or guarded, and the handle says why", async () => {
    const run = await told(["switched-off.mjs"], { node: [], env: { FLUSHGUARD: "off" } });
    expect(run).toMatchObject({ ...WRONG, guarded: false, reason: "FLUSHGUARD is off", same: true, stderr: "" });
    expect(run.status.enabled).toBe(false);
  });
});

test("after disable() nothing is guarded either", async () => {
  const run = await told(["switched-off.mjs", "disable"], { node: [] });
  expect(run).toMatchObject({ ...WRONG, guarded: false, reason: "the guard is disabled", same: true, stderr: "" });
});
