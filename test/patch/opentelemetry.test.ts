import { describe, expect, test } from "vitest";
import { EXACT, told, WRONG } from "./run-app.js";

const METRICS = { module: "patch-export", export: "Metrics", record: ["count"], flush: ["flush"] };

/** The calls an app makes in a race: every one is seen, none twice. */
const PROBED = [160, 5];

describe.each([
  ["aws-embedded-metrics", { recorded: 160, delivered: 170 }],
  ["patch-export", WRONG],
])("OpenTelemetry's instrumentation of %s", (client, wrong) => {
  const options = { node: [], targets: [METRICS] };

  test("alone: instrumented, not guarded", async () => {
    const run = await told([`opentelemetry.cjs`, client, "opentelemetry"], options);
    expect(run).toMatchObject({ both: { ...wrong, probed: PROBED } });
  });

  test.each([
    // The guard comes first wherever it sees the load: the compile step is before the hooks on require.
    ["before the guard", "opentelemetry,flushguard"],
    ["after the guard", "flushguard,opentelemetry"],
    ["beneath the guard", "opentelemetry,load,flushguard"],
  ])("%s: both at work, and each can be taken away and brought back", async (_, order) => {
    const run = await told(["opentelemetry.cjs", client, order], options);
    expect(run.stderr).toBe("");
    expect(run).toMatchObject({
      // Beneath the guard it also sees the flush that sends what was recorded during the one before.
      both: { ...EXACT, probed: client === "patch-export" && order.includes("load") ? [160, 6] : PROBED },
      guardAlone: { ...EXACT, probed: [0, 0] },
      bothAgain: { ...EXACT, probed: PROBED },
      probeAlone: { ...wrong, probed: PROBED },
      bothOnceMore: { ...EXACT, probed: PROBED },
      none: { ...wrong, probed: [0, 0] },
      marks: [false, false],
    });
  });
});
