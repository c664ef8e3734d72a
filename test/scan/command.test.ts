import { execFile } from "node:child_process";
import { readFileSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { RULES } from "../../dist/src/scan/rules/list.js";
import type { Scan } from "../../dist/src/scan/scan.js";
import { cli as run } from "../cli/cli.js";
import { directoryWith } from "../config/helpers.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const cli = (args: string[], cwd: string) => run(["scan", ...args], cwd);

const json = (args: string[], cwd: string): Scan => JSON.parse(cli([...args, "--json"], cwd).stdout);

const RACY = `exports.Client = class Client {
  constructor() { this.queue = []; }
  record(item) { this.queue.push(item); }
  async flush() {
    await this.send(this.queue);
    this.queue = [];
  }
};
`;
const manifest = (name: string, version: string): string => JSON.stringify({ name, version });

describe("what is printed", () => {
  const cwd = directoryWith({
    "node_modules/racy/package.json": manifest("racy", "1.2.3"),
    "node_modules/racy/lib/client.js": RACY,
  });

  it("is the code with its marks, and the target to paste", () => {
    const { status, stdout, stderr } = cli([], cwd);
    expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
    expect(stdout.replace(/in \d+\.\d s/, "in 0.1 s")).toBe(`racy@1.2.3 lib/client.js:5  lost update  Client.flush
    queue is read, other code runs, and then it is emptied: what is recorded meanwhile is lost, and an overlapping call sends the same again.

    5 | await this.send(this.queue);
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^ wait
      |                 ^^^^^^^^^^ read
    6 | this.queue = [];
      | ^^^^^^^^^^^^^^^ reset

    Target:
    {"module":"racy","versions":"^1.2.3","file":"lib/client.js","export":"Client","record":["record"],"flush":["flush"],"buffers":{"queue":"append"}}

1 file of 1 package in 0.1 s: 1 finding in 1 package.
`);
  });

  it("is the same as JSON", () => {
    const { files, packages, findings, parseErrors, skipped } = json([], cwd);
    expect({ files, packages, parseErrors, skipped }).toEqual({ files: 1, packages: 1, parseErrors: [], skipped: [] });
    expect(findings).toEqual([
      {
        package: "racy",
        version: "1.2.3",
        hazard: "lost update",
        method: "Client.flush",
        place: "queue",
        what: expect.stringContaining("is lost"),
        file: "lib/client.js",
        line: 5,
        column: 21,
        marks: [
          { label: "read", line: 5, column: 21 },
          { label: "wait", line: 5, column: 5 },
          { label: "reset", line: 6, column: 5 },
        ],
        frame: expect.any(Array),
        alsoIn: [],
        installedIn: [`${cwd}/node_modules/racy`],
        target: {
          module: "racy",
          versions: "^1.2.3",
          file: "lib/client.js",
          export: "Client",
          record: ["record"],
          flush: ["flush"],
          buffers: { queue: "append" },
        },
      },
    ]);
  });

  it("cuts minified lines round the marks", () => {
    const filler = "var filler=1;".repeat(400);
    const minified = directoryWith({
      "package.json": manifest("mini", "1.0.0"),
      "a.min.js": filler + RACY.replaceAll(/\n\s*/g, " "),
    });
    const { stdout } = cli([], minified);
    expect(stdout).toMatch(/\| ….*await this\.send\(this\.queue\).*\n.*\^ wait\n/);
    expect(
      Math.max(
        ...stdout
          .split("\n")
          .filter((line) => line.includes(" | "))
          .map((line) => line.length),
      ),
    ).toBeLessThan(120);
  });

  it("says where there is nothing", () => {
    const clean = directoryWith({ "package.json": manifest("clean", "1.0.0"), "a.js": "export const a = 1;" });
    expect(cli([], clean)).toMatchObject({
      status: 0,
      stderr: "",
      stdout: expect.stringMatching(/^1 file of 1 package in .* s: nothing found\.\n$/),
    });
    const empty = directoryWith({ "a.ts": "let a: number;" });
    expect(cli([], empty)).toEqual({ status: 0, stderr: "", stdout: `No JavaScript in ${empty}: nothing to scan.\n` });
  });
});

describe("what is read", () => {
  it("is every folder named, and nothing twice", () => {
    const files = {
      "package.json": manifest("racy", "1.0.0"),
      "a.js": RACY,
      ".git/b.js": RACY,
      "c.d.ts": "let c: string;",
    };
    const [one, two] = [
      directoryWith(files),
      directoryWith({
        "x/package.json": manifest("x", "1.0.0"),
        "x/a.mjs": RACY.replace("exports.Client =", "export"),
      }),
    ];
    symlinkSync(one, `${one}/itself`);
    symlinkSync(`${one}/nowhere`, `${one}/broken.js`);
    symlinkSync(`${one}/loop`, `${one}/loop`);
    symlinkSync(`${one}/a.js`, `${one}/same.js`);
    const scan = json([one, two, one, `${two}/x`], ROOT);
    expect(scan.files).toBe(2);
    expect(scan.findings.map(({ package: name, file }) => `${name} ${file}`)).toEqual(["racy a.js", "x a.mjs"]);
  });

  it("counts the copies of a version, and the builds of a package, once", () => {
    const copy = {
      "package.json": manifest("racy", "1.0.0"),
      "cjs/package.json": '{"type":"commonjs"}',
      "cjs/a.js": RACY,
      "esm/a.mjs": RACY.replace("exports.Client =", "export"),
    };
    const under = (folder: string) =>
      Object.fromEntries(Object.entries(copy).map(([name, text]) => [`${folder}/${name}`, text]));
    const cwd = directoryWith({ ...under("node_modules/racy"), ...under("node_modules/a/node_modules/racy") });
    const { findings, files } = json([], cwd);
    expect(files).toBe(4);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ package: "racy", file: "esm/a.mjs", alsoIn: [{ file: "cjs/a.js", line: 5 }] });
    expect(findings[0]?.installedIn).toHaveLength(2);
    expect(findings[0]?.target?.file).toBe("{esm/a.mjs,cjs/a.js}");
  });

  it.each(["var Client = exports.Client =", "const C = (exports.Client ="])(
    "knows what is exported as it is declared: %s",
    (start) => {
      const text = start.includes("(") ? RACY.replace(/};\n$/, "});\n") : RACY;
      const cwd = directoryWith({
        "package.json": manifest("racy", "1.0.0"),
        "a.js": text.replace("exports.Client =", start),
      });
      expect(json([], cwd).findings[0]?.target?.export).toBe("Client");
    },
  );

  it("keeps what each class of a file has", () => {
    const two = RACY + RACY.replaceAll("Client", "Other");
    const cwd = directoryWith({ "package.json": manifest("racy", "1.0.0"), "a.js": two });
    expect(json([], cwd).findings.map(({ method }) => method)).toEqual(["Client.flush", "Other.flush"]);
  });

  it("is what an installed package depends on, too", () => {
    const wrapper = { name: "wrapper", version: "1.0.0", dependencies: { racy: "1" }, peerDependencies: { none: "1" } };
    const cwd = directoryWith({
      "node_modules/wrapper/package.json": JSON.stringify(wrapper),
      "node_modules/wrapper/index.js": 'export * from "racy";',
      "node_modules/racy/package.json": manifest("racy", "1.0.0"),
      "node_modules/racy/a.js": RACY,
      "node_modules/other/package.json": manifest("other", "1.0.0"),
      "node_modules/other/a.js": RACY,
    });
    const { findings, packages } = json(["node_modules/wrapper"], cwd);
    expect(findings.map((finding) => finding.package)).toEqual(["racy"]);
    expect(packages).toBe(2);
    expect(json(["node_modules/wrapper/."], cwd).findings).toHaveLength(1);
  });

  it("names files by the folder that is installed, where a build has a package.json with a name too", () => {
    const cwd = directoryWith({
      "node_modules/racy/package.json": manifest("racy", "1.0.0"),
      "node_modules/racy/build/package.json": manifest("racy", "1.0.0"),
      "node_modules/racy/build/src/a.js": RACY,
      "node_modules/racy/operators/package.json": manifest("racy/operators", "1.0.0"),
      "node_modules/racy/operators/b.js": RACY.replaceAll("Client", "Other"),
    });
    const { findings } = json(["node_modules/racy"], cwd);
    expect(findings.map(({ package: name, file, target }) => [name, file, target?.file])).toEqual([
      ["racy", "build/src/a.js", "build/src/a.js"],
      ["racy", "operators/b.js", "operators/b.js"],
    ]);
  });

  it("leaves out what it cannot parse, and says so", () => {
    const nested = `${"(".repeat(50_000)}1${")".repeat(50_000)}`;
    const cwd = directoryWith({
      "package.json": manifest("racy", "1.0.0"),
      "a.js": RACY,
      "b.js": `${RACY}let 1;`,
      "c.js": RACY + nested,
      "d.js": "",
    });
    truncateSync(`${cwd}/d.js`, 20 * 1024 * 1024);
    writeFileSync(`${cwd}/e.js`, "#!/usr/bin/env node\nreturn await 1;");
    const { findings, parseErrors, skipped } = json([], cwd);
    expect(findings).toHaveLength(1);
    expect(parseErrors.map(({ file }) => file)).toEqual([`${cwd}/b.js`, `${cwd}/c.js`]);
    expect(skipped).toEqual([{ file: `${cwd}/d.js`, reason: "larger than 2 MiB" }]);
    expect(cli([], cwd).stdout).toContain("2 files could not be parsed:");
  });

  it("names code that belongs to no package by its path, and proposes no target", () => {
    const cwd = directoryWith({ "a.js": RACY });
    const [finding] = json([], cwd).findings;
    expect(finding).toMatchObject({ file: `${cwd}/a.js`, method: "Client.flush" });
    expect(finding).not.toHaveProperty("target");
  });
});

it.each([
  [["nowhere"], 'found no folder "nowhere", expected folders to scan'],
  [["package.json/x"], 'found no folder "package.json/x", expected folders to scan'],
  [["--nope"], "Unknown option '--nope'"],
])("%j: one line, exit code 2", (args, line) => {
  expect(cli(args, directoryWith({ "package.json": "{}" }))).toEqual({
    status: 2,
    stdout: "",
    stderr: `flushguard: ${line} (see flushguard scan --help)\n`,
  });
});

/** Runs the app of the user's own client with what is proposed for it as its configuration. */
it("the target that is proposed ends the loss", async () => {
  const cwd = `${ROOT}test/fixtures`;
  const { findings } = json([`${cwd}/node_modules/arroyo-metrics-buffer`], ROOT);
  const [lost] = findings.filter(({ hazard }) => hazard === "lost update");
  expect(lost?.target?.buffers).toEqual({ counters: "sum", timers: "sum" });
  const text = JSON.stringify({ targets: [lost?.target] });
  const config = `${directoryWith({ "flushguard.config.json": text })}/flushguard.config.json`;
  const app = async (preload: string[]) => {
    const args = [...preload, `${ROOT}test/arroyo/app.mjs`, "arroyo", "concurrent flush and increment (10 × 100)"];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      cwd,
      env: { ...process.env, FLUSHGUARD_CONFIG: config },
    });
    return JSON.parse(stdout) as { recorded: object; delivered: object };
  };
  const bare = await app([]);
  expect(bare.delivered).not.toEqual(bare.recorded);
  const guarded = await app(["--import", `${ROOT}dist/register.js`]);
  expect(guarded).toEqual({ recorded: guarded.recorded, delivered: guarded.recorded, buffered: {}, violations: [] });
});

it("the documentation names every hazard and mark", () => {
  const page = readFileSync(`${ROOT}docs/scan.md`, "utf8");
  for (const { hazard, marks } of RULES.map(({ meta }) => meta)) {
    for (const word of [hazard, ...marks]) expect(page).toContain(word);
  }
});
