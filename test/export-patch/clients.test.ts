import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { fixable } from "../../dist/src/export-patch/fixes/list.js";
import { proofs } from "../../dist/src/proofs/list.js";
import { lossless } from "../../dist/src/proofs/proof.js";
import { runProof } from "../../dist/src/proofs/run.js";
import { runnable } from "../../dist/src/proofs/runnable.js";
import { fileOf } from "../../dist/src/targets/list.js";
import { NODES } from "../nodes/nodes.js";
import { appWith, exportPatch, installedVersionOf, run } from "./app.js";

const PATCH_PACKAGE = fileURLToPath(new URL("../../node_modules/.bin/patch-package", import.meta.url));
const REPRODUCTIONS = new URL("../../dist/src/export-patch/reproductions/", import.meta.url);

function contents(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name), "utf8")]),
  );
}

describe.each(fixable)("the patch of %s", async (client) => {
  const entry = proofs.find(({ module }) => module === client) as (typeof proofs)[number];
  const version = installedVersionOf(client);
  const scenarios = runnable(await entry.load(), version);
  const patch = `patches/${client}+${version}.patch`;
  const app = appWith(client);
  const packageFolder = join(app, "node_modules", client);
  const original = contents(packageFolder);

  const results = async (guarded: boolean) => {
    const told: object[] = [];
    for (const { name } of scenarios) {
      const { outcome, error } = await runProof(entry, name, { guarded, cwd: app, timeoutMs: 30_000 });
      told.push({ name, error, lossless: outcome !== undefined && lossless(outcome) });
    }
    return told;
  };
  const all = (whole: boolean) => scenarios.map(({ name }) => ({ name, error: undefined, lossless: whole }));
  const git = (...args: string[]) => run("git", ["apply", ...args, patch], app).status;

  it("is written, and leaves the installed files as they are: they fail without the guard", async () => {
    expect(exportPatch([client], app)).toEqual({ status: 0, stdout: `${patch}\n`, stderr: "" });
    expect(contents(packageFolder)).toEqual(original);
    expect(readFileSync(join(app, patch), "utf8")).not.toMatch(/flushguard/i);
    expect(await results(false)).toEqual(all(false));
  });

  it("is applied by git, and reversed", async () => {
    expect(git()).toBe(0);
    expect(contents(packageFolder)).not.toEqual(original);
    expect(git("-R")).toBe(0);
    expect(contents(packageFolder)).toEqual(original);
  });

  it("is applied by patch-package, with the same outcome, and reversed", async () => {
    git();
    const byGit = contents(packageFolder);
    git("-R");
    const applied = run(process.execPath, [PATCH_PACKAGE, "--error-on-fail"], app);
    expect(applied.status, applied.stdout + applied.stderr).toBe(0);
    expect(contents(packageFolder)).toEqual(byGit);
    expect(run(process.execPath, [PATCH_PACKAGE, "--reverse"], app).status).toBe(0);
    expect(contents(packageFolder)).toEqual(original);
  });

  describe("applied", () => {
    beforeAll(() => {
      expect(git()).toBe(0);
      return () => expect(git("-R")).toBe(0);
    });

    it("makes every scenario of the proof hold without the guard", async () => {
      expect(await results(false)).toEqual(all(true));
    });

    it("and with it", async () => {
      expect(await results(true)).toEqual(all(true));
    });

    it("is not exported again", () => {
      expect(exportPatch([client], app)).toMatchObject({ status: 0, stderr: "" });
      expect(exportPatch([client, "--stdout"], app)).toMatchObject({ status: 1, stdout: "" });
    });
  });

  it.each(NODES)("mends the reproduction on $name", ({ binary }) => {
    const script = readFileSync(fileURLToPath(new URL(`${fileOf(client)}.js`, REPRODUCTIONS)), "utf8");
    const reproduce = () => run(binary, ["--input-type=module", "--eval", script], app);
    const before = reproduce();
    git();
    const after = reproduce();
    git("-R");
    expect({ before: before.status, after: after.status }, before.stderr + after.stderr).toEqual({
      before: 1,
      after: 0,
    });
  });
});
