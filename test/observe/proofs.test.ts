import { isDeepStrictEqual } from "node:util";
import { satisfies } from "semver";
import { describe, expect, test } from "vitest";
import { versionFrom } from "../../dist/src/packages/version-from.js";
import type { Result } from "../../dist/src/proofs/child.js";
import { type ProofEntry, proofs } from "../../dist/src/proofs/list.js";
import { lossless, type Outcome } from "../../dist/src/proofs/proof.js";
import { runProof } from "../../dist/src/proofs/run.js";
import { clientsOf } from "../slow.js";
import { cwd, runObserved } from "./observed-run.js";

async function scenariosOf(proof: ProofEntry) {
  const { scenarios } = await proof.load();
  const version = versionFrom(proof.module, cwd) ?? "";
  return scenarios.filter(({ versions = "*" }) => satisfies(version, versions, { includePrerelease: true }));
}

const COUNTED = ["aws-embedded-metrics", "flagsmith-nodejs", "datadog-metrics"];
/** Beside those whose losses are counted: one of each strategy, and of each way to be found. */
const SOME = [
  "@influxdata/influxdb-client",
  "@opentelemetry/sdk-logs",
  "@sentry/core",
  "flagsmith-nodejs",
  "hot-shots",
  "launchdarkly-node-server-sdk",
  "winston-loki",
];
const NAMES = clientsOf(
  SOME,
  proofs.map(({ module }) => module),
);

describe.each(proofs.filter(({ module }) => COUNTED.includes(module)))("of $module", async (proof) => {
  test.each(await scenariosOf(proof))("what is seen equals what is measured: $name", async ({ name, hazard }) => {
    const { result, seen, stderr } = await runObserved(proof, name);
    const { recorded, delivered, distinct } = result.outcome as Outcome;
    const { "double send": repeated = 0, ...missing } = seen;
    expect(Object.values(missing).reduce((sum, count) => sum + count, 0)).toBe(recorded - distinct);
    expect(repeated).toBe(delivered - distinct);
    expect(Object.keys(seen)).toEqual([hazard]);
    expect(stderr.trim()).toBe(
      `flushguard: observed, nothing was changed: ${proof.module}: ${hazard} ${hazard && seen[hazard]}`,
    );
  });
});

/** They end differently from one run to the next, also without the preload: how many records hit the flush is timing. */
const RACES = [
  "await flush().promise during an automatic flush",
  "a stalled agent under load",
  "burst of 100 at start-up",
  "burst of 100 after the idle socket was closed",
  "burst of 100 before the agent is up",
  "records while the agent restarts",
];

/** A result without the milliseconds that it tells of. */
function timeless(result: Result): unknown {
  return JSON.parse(JSON.stringify(result).replace(/\d+ ms/g, "some ms"));
}

describe.each(proofs.filter(({ module }) => NAMES.includes(module)))("of $module", async (proof) => {
  test.each(await scenariosOf(proof))("nothing is changed: $name", async ({ name }) => {
    const options = { guarded: false, cwd, timeoutMs: 50_000 };
    let plain = await runProof(proof, name, options);
    let observed = await runObserved(proof, name, { FLUSHGUARD_LOG: "silent" });
    // A race that a busy machine decided otherwise.
    for (let again = 0; again < 2 && !isDeepStrictEqual(timeless(plain), timeless(observed.result)); again++) {
      plain = await runProof(proof, name, options);
      observed = await runObserved(proof, name, { FLUSHGUARD_LOG: "silent" });
    }
    expect(observed.stderr).not.toContain("flushguard:");
    expect(plain.outcome).toBeDefined();
    if (!RACES.includes(name)) {
      expect(timeless(observed.result)).toEqual(timeless(plain));
    } else {
      expect(observed.result.outcome?.recorded).toBe(plain.outcome?.recorded);
      expect(observed.result.outcome).toSatisfy((outcome: Outcome) => !lossless(outcome));
    }
  });
});
