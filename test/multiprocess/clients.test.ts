import { describe, expect, test } from "vitest";
import { API } from "../bench/lib/paths.mjs";
import { describeClients, other, pathOf, QUICK, testUnderCluster } from "./client-cases.js";
import { folder, samples } from "./in-process.js";
import { run } from "./lib/run.mjs";

describeClients(QUICK);
testUnderCluster(QUICK);

describe.each(other("prom-client", "12.0.0"))("$name", (which) => {
  test("is left as it is, after one line", async () => {
    const client = await pathOf(which);
    const directory = folder();
    const start = (env: Record<string, string>) =>
      run("client-app", { client, scenario: "foreign", api: API }, { guarded: true, directory, node: which.node, env });
    expect(await start({ FLUSHGUARD_LOG: "silent" })).toEqual({ c_total: 1, f: 7 });
    const line = "flushguard: prom-client: .+; its metrics stay in their process";
    await expect(start({})).rejects.toThrow(new RegExp(`^[^\\n]*\\n[^\\n]*${line}\\n$`));
    expect(await samples(directory)).toEqual({});
  });
});

describe.each(other("prom-client", "14.2.0"))("$name beside the one that is installed here", (which) => {
  test("metrics of one name are not added up, after one line", async () => {
    const options = { client: await pathOf(which), scenario: "copies", api: API };
    const start = (env: Record<string, string>, guarded = true) =>
      run("client-app", options, { guarded, directory: folder(), node: which.node, env });
    const plain = await start({}, false);
    expect(plain).toEqual([3, 4]);
    expect(await start({ FLUSHGUARD_LOG: "silent" })).toEqual(plain);
    const line = "flushguard: jobs_total: metrics of this name are in several registries .+";
    await expect(start({})).rejects.toThrow(new RegExp(`^[^\\n]*\\n[^\\n]*${line}\\n$`));
  });

  test("what one wants in clusterMetrics() is not what the other does", async () => {
    const options = { client: await pathOf(which), scenario: "copiesApart", api: API };
    const shown = await run("client-app", options, { guarded: true, directory: folder(), node: which.node });
    expect(shown).toEqual({ own_0_total: 1, jobs_1_total: 1 });
  });
});
