import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, it } from "vitest";
import { loadConfig } from "../../dist/src/config/index.js";
import { directoryWith } from "./helpers.js";

const schema = JSON.parse(readFileSync(new URL("../../dist/flushguard.config.schema.json", import.meta.url), "utf8"));
const isValid = new Ajv({ allErrors: true }).compile(schema);
const target = { module: "some-client", flush: ["flush"] };

it.each([
  [{ $schema: "x", targets: [target] }],
  [
    {
      targets: [
        { ...target, versions: ">=1 <3", file: "lib/*.js", export: "Metrics", record: ["count"], close: ["stop"] },
      ],
    },
  ],
  [{ targets: [{ ...target, record: ["count"], buffers: { bucket: "sum" }, owner: "holder" }] }],
  [{ targets: [{ module: "a", send: ["post"] }] }],
  [{ targets: [{ ...target, batch: "detached", callsOut: { flush: false } }] }],
  [{ targets: [{ module: "a", send: ["log"], final: true }] }],
  [{ targets: [{ module: "a", send: ["log"], final: "client.flush" }] }],
  [{ targets: [{ ...target, buffers: { b: "sum" }, view: true, ends: { method: "post", failed: "status" } }] }],
  [{ targets: [{ module: "a", like: "hot-shots" }] }],
  [{ targets: [{ module: "a", like: "hot-shots", versions: "1", file: "lib/*.js", export: "B" }] }],
])("takes what the configuration takes: %j", (value) => {
  expect(isValid(value)).toBe(true);
  expect(loadConfig({}, directoryWith({ "flushguard.config.json": JSON.stringify(value) })).problems).toEqual([]);
});

it.each([
  [{}],
  [{ target: [] }],
  [{ targets: [] }],
  [{ targets: [{ module: "a" }] }],
  [{ targets: [{ flush: ["flush"] }] }],
  [{ targets: [{ ...target, record: "count" }] }],
  [{ targets: [{ ...target, record: [] }] }],
  [{ targets: [{ ...target, buffers: { bucket: "add" } }] }],
  [{ targets: [{ ...target, batch: "later" }] }],
  [{ targets: [{ ...target, like: "hot-shots" }] }],
  [{ targets: [{ module: "a", like: 7 }] }],
  [{ targets: [{ ...target, ends: { failed: 500 } }] }],
  [{ targets: [{ ...target, detaches: true }] }],
])("refuses what the configuration complains of: %j", (value) => {
  expect(isValid(value)).toBe(false);
  expect(loadConfig({}, directoryWith({ "flushguard.config.json": JSON.stringify(value) })).problems).not.toEqual([]);
});

it("leaves ranges that are none to the configuration", () => {
  const load = (change: object) =>
    loadConfig(
      {},
      directoryWith({ "flushguard.config.json": JSON.stringify({ targets: [{ ...target, ...change }] }) }),
    );
  for (const [key, value, expected] of [
    ["versions", "latest", "a semver range with a version in it"],
    ["unaffected", "old ones", "a semver range with a version in it"],
    ["fixedIn", "next", "a version"],
  ] as const) {
    expect(load({ versions: "1", [key]: value }).problems).toEqual([
      expect.stringContaining(`targets[0].${key}: found "${value}", expected ${expected}; this target is left out`),
    ]);
  }
});
