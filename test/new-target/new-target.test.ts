import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyTree, type Tree } from "./tree.js";

const LIST = "src/targets/list.ts";
const entriesIn = (list: string): string[] =>
  Array.from(list.matchAll(/^ {2}entry\("([^"]+)"/gm), ([, name]) => name ?? "");
const clean = { status: 0, stderr: "" };

let tree: Tree;
let listed: string[];
beforeAll(() => {
  tree = copyTree(true);
  listed = entriesIn(tree.read(LIST));
});
afterAll(() => tree.delete());

describe("npm run new-target", () => {
  test.each([
    [[], "expected one package name: npm run new-target some-client"],
    [["one", "two"], "expected one package name: npm run new-target some-client"],
    [["../escape"], '"../escape" is not the name of a package on npm'],
    [["@Scope/client"], '"@Scope/client" is not the name of a package on npm'],
    [["@scope"], '"@scope" is not the name of a package on npm'],
    [["a".repeat(215)], `"${"a".repeat(215)}" is not the name of a package on npm`],
    [["hot-shots"], "hot-shots is in src/targets/list.ts already"],
    [
      ["opentelemetry-sdk-logs"],
      "src/targets/opentelemetry-sdk-logs.ts, where opentelemetry-sdk-logs would go, is there already",
    ],
    [["proof"], "src/proofs/proof.ts, where proof would go, is there already"],
  ])("writes nothing for %j", (names, line) => {
    const list = tree.read(LIST);
    expect(tree.newTarget(...names)).toMatchObject({ status: 2, stdout: "", stderr: `new-target: ${line}\n` });
    expect(tree.read(LIST)).toBe(list);
  });

  // All but the last two are installed here, and have no target.
  test.each(["@tryghost/metrics", "prom-client", "@a-long-scope.of-a-company/metrics-client-for-node", "zz_client.js"])(
    "writes the pieces of %s",
    (name) => {
      const file = name.replace("@", "").replace("/", "-");
      const made = tree.newTarget(name);
      expect(made).toMatchObject(clean);
      expect(made.stdout).toContain(`src/targets/${file}.ts\nsrc/proofs/${file}.ts\n${LIST}, one line\n\nNext:\n  1. `);
      listed = [...listed, name].sort();
      expect(entriesIn(tree.read(LIST))).toEqual(listed);
    },
  );

  test("which compile and pass the lint", () => {
    expect(tree.build()).toMatchObject({ ...clean, stdout: "" });
    expect(tree.lint()).toMatchObject(clean);
  });

  test("asks for the package where it is not installed, and for its version where it is", () => {
    expect(tree.newTarget("not-installed").stdout).toContain("1. npm install --save-dev --save-exact not-installed\n");
    expect(tree.read("src/targets/not-installed.ts")).toContain('  versions: "*",\n');
    expect(tree.read("src/targets/prom-client.ts")).toMatch(/Read: (\d+\.\d+\.\d+)\.[\s\S]* {2}versions: "\^\1",\n/);
  });

  test("leaves a proof that fails, and says what it lacks", () => {
    const { status, stdout } = tree.verify("prom-client");
    expect(status).toBe(1);
    expect(stdout).toMatch(/^prom-client \S+ +records during a flush +lost update +\? +error +error +✗$/m);
    const lack =
      "Error: src/proofs/prom-client.ts lacks a client that sends to sink.url; exported: register, Registry,";
    expect(stdout).toContain(`    unguarded: ${lack}`);
    expect(stdout).toContain(`    guarded: ${lack}`);
    expect(stdout).toContain("\n0 of 1 scenarios deliver everything exactly once with the guard.\n");
  });
});
