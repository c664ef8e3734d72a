import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { FlushMessage, HazardMessage, PatchMessage } from "../../dist/src/index.js";
import { told } from "../patch/run-app.js";

const cwd = fileURLToPath(new URL("../fixtures/telemetry/", import.meta.url));

interface Published {
  hazards: HazardMessage[];
  patches: PatchMessage[];
  flushes: { message: FlushMessage; events: string[] }[];
}

const settled = ["start", "end", "asyncStart", "asyncEnd"];
const flagsmith = { target: "flagsmith-nodejs", version: "8.1.2", file: "build/cjs/sdk/analytics.js" };
const influx = { target: "@influxdata/influxdb-client", version: "1.35.0", file: "dist/index.js" };

describe("to whoever listens", () => {
  const listening = told<Published>(["channels.mjs", "listen"], { cwd });

  test("each hazard that is averted is told, with how many records it would have struck", async () => {
    const { hazards, stderr } = await listening;
    expect(hazards).toEqual([
      { target: "flagsmith-nodejs", hazard: "lost update", outcome: "averted", count: 5 },
      { target: "@influxdata/influxdb-client", hazard: "early return", outcome: "averted", count: 1 },
    ]);
    expect(stderr).toBe("");
  });

  test("each guarded flush is traced, by promise and by callback, and with the error it ends with", async () => {
    const { flushes } = await listening;
    expect(flushes).toEqual([
      { message: { target: "flagsmith-nodejs", method: "flush", held: 5, mergedBack: 0 }, events: settled },
      { message: { target: "flagsmith-nodejs", method: "flush", held: 0, mergedBack: 0 }, events: settled },
      { message: { target: "@influxdata/influxdb-client", method: "flush" }, events: settled },
      { message: { target: "@influxdata/influxdb-client", method: "flush" }, events: settled },
      {
        message: { target: "Metrics", method: "flush", held: 0, error: "Error: refused" },
        events: ["start", "end", "error", "asyncStart", "asyncEnd"],
      },
      {
        message: { target: "Metrics", method: "flushNow", held: 0, error: "TypeError: not now" },
        events: ["start", "error", "end"],
      },
      { message: { target: "Metrics", method: "flushLater", held: 0 }, events: settled },
    ]);
  });

  test("what is patched and restored is told, by disable() and enable() too", async () => {
    const { patches } = await listening;
    expect(patches).toEqual([
      { ...flagsmith, state: "patched" },
      { ...influx, state: "patched" },
      { target: "Metrics", state: "patched" },
      { target: "Metrics", state: "restored" },
      { ...flagsmith, state: "restored" },
      { ...influx, state: "restored" },
      { ...flagsmith, state: "patched" },
      { ...influx, state: "patched" },
    ]);
  });

  test("what is left alone is told, with the reason", async () => {
    const targets = [
      { module: "flagsmith-nodejs", versions: "<1", flush: ["flush"] },
      { module: "@influxdata/influxdb-client", file: "dist/index.js", export: "Missing", flush: ["flush"] },
    ];
    const { patches, hazards } = await told<Published>(["channels.mjs", "listen"], { cwd, targets });
    expect(hazards).toEqual([]);
    expect(patches.filter(({ state }) => state === "left alone")).toEqual([
      { target: "flagsmith-nodejs", version: "8.1.2", state: "left alone", reason: "version 8.1.2 is outside <1" },
      { ...influx, state: "left alone", reason: '"Missing" has no "flush"' },
    ]);
  });
});

test("under FLUSHGUARD=observe hazards are told as seen, and no flush is traced", async () => {
  const env = { FLUSHGUARD: "observe", FLUSHGUARD_LOG: "silent" };
  const { hazards, flushes } = await told<Published>(["channels.mjs", "listen"], { cwd, env });
  expect(hazards).toEqual([
    { target: "flagsmith-nodejs", hazard: "lost update", outcome: "seen", count: 5 },
    { target: "@influxdata/influxdb-client", hazard: "early return", outcome: "seen", count: 1 },
  ]);
  expect(flushes).toEqual([]);
});
