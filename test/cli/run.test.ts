import { beforeAll, expect, it } from "vitest";
import { proofAt, proofs } from "../../dist/src/proofs/list.js";
import { runProof, runScenario } from "../../dist/src/proofs/run.js";
import { targets } from "../../dist/src/targets/list.js";
import { directoryWith } from "../config/helpers.js";

/** Scenarios that end in every way a client can make one end. */
const source = `
const done = { recorded: 3, delivered: 3, distinct: 3 };
const scenario = (name, run) => ({ name, hazard: "close", run });
export const proof = { module: "client", scenarios: [
  scenario("resolves", async (load) => {
    const required = load.require("client"), imported = await load.import("client");
    return { ...done, violations: [required.where, imported.default.where] };
  }),
  scenario("is noisy", async () => {
    process.stdout.write("\\u001eflushguard-result:{}\\n" + "x".repeat(400_000));
    console.log({ outcome: "of the client" });
    setInterval(() => console.log("still here"), 1);
    return done;
  }),
  scenario("tells", async () => ({ ...done, violations: [
    JSON.stringify(process.execArgv.filter((flag) => !flag.startsWith("--input-type"))),
    String(process.env.NODE_OPTIONS), String(process.env.FLUSHGUARD), String(process.env.FLUSHGUARD_TARGETS),
  ] })),
  scenario("rejects", async () => { throw new TypeError("no\\nsink"); }),
  scenario("crashes", () => new Promise(() => setTimeout(() => { throw new RangeError("thrown later"); }))),
  scenario("exits", async () => process.exit(7)),
  scenario("is killed", async () => { process.kill(process.pid, "SIGTERM"); await new Promise(() => setInterval(() => {}, 9)); }),
  scenario("waits", () => new Promise(() => {})),
  scenario("hangs", () => new Promise(() => setInterval(() => {}, 1000))),
  scenario("spins", async () => { for (;;); }),
] };`;
const fake = proofAt("client", `data:text/javascript,${encodeURIComponent(source)}`);

const cwd = directoryWith({
  "node_modules/client/package.json": '{ "name": "client", "version": "1.2.3", "main": "index.js" }',
  "node_modules/client/index.js": "exports.where = __filename;",
});
const options = { guarded: false, cwd, timeoutMs: 20_000 };
const whole = { recorded: 3, delivered: 3, distinct: 3 };

beforeAll(() => {
  process.env.NODE_OPTIONS = "--no-deprecation";
  process.env.FLUSHGUARD_TARGETS = "-client";
  return () => {
    delete process.env.NODE_OPTIONS;
    delete process.env.FLUSHGUARD_TARGETS;
  };
});

it("resolves the client from the working directory, by require and by import", async () => {
  const where = `${cwd}/node_modules/client/index.js`;
  expect(await runProof(fake, "resolves", options)).toEqual({ outcome: { ...whole, violations: [where, where] } });
});

it("finds the result in whatever the client prints, and ends clients that stay", async () => {
  expect(await runProof(fake, "is noisy", options)).toEqual({ outcome: whole });
});

it("keeps every preload out of the unguarded app", async () => {
  const { outcome } = await runProof(fake, "tells", options);
  const [flags, ...env] = outcome?.violations ?? [];
  expect(flags).not.toContain("--import");
  expect(env).toEqual(["undefined", "off", "undefined"]);
});

it("starts the guarded app with the preload, and every target enabled", async () => {
  const { outcome } = await runProof(fake, "tells", { ...options, guarded: true });
  const [flags, ...env] = outcome?.violations ?? [];
  expect(flags).toContain(`"--import","${new URL("../../dist/register.js", import.meta.url).href}"`);
  expect(env).toEqual(["undefined", "on", "undefined"]);
});

it.each([
  ["rejects", "TypeError: no\nsink (client:19)"],
  ["crashes", "ended by exit code 1: RangeError: thrown later"],
  ["exits", "ended by exit code 7"],
  ["is killed", "ended by SIGTERM"],
  ["waits", "ended with the scenario waiting for something that cannot come"],
  ["is missing", 'client has no scenario "is missing"'],
])("a scenario that %s is an error", async (name, error) => {
  expect(await runProof(fake, name, options)).toEqual({ error });
});

it.each(["hangs", "spins"])("a scenario that %s is killed in time", async (name) => {
  const begun = Date.now();
  expect(await runProof(fake, name, { ...options, timeoutMs: 700 })).toEqual({ error: "no result within 700 ms" });
  expect(Date.now() - begun).toBeLessThan(5000);
});

it("a working directory that is gone is an error", async () => {
  const { error } = await runProof(fake, "exits", { ...options, cwd: `${cwd}/gone` });
  expect(error).toMatch(/^could not be started: spawn .* ENOENT$/);
});

it("has a proof for every built-in target, in the same order", async () => {
  expect(proofs.map(({ module }) => module)).toEqual(targets.map(({ module }) => module));
  expect(proofs.map(({ module }) => module)).toEqual(proofs.map(({ module }) => module).toSorted());
  expect(await runScenario("zzz", "x", options)).toEqual({ error: "zzz has no proof" });
  expect(await runScenario("hot-shots", "zzz", options)).toEqual({ error: 'hot-shots has no scenario "zzz"' });
});

it("every proof is of the module it is listed under, and its scenarios have names of their own", async () => {
  for (const entry of proofs) {
    const proof = await entry.load();
    expect(proof.module).toBe(entry.module);
    const names = proof.scenarios.map(({ name }) => name);
    expect(names.length).toBeGreaterThan(0);
    expect(new Set(names).size).toBe(names.length);
  }
});
