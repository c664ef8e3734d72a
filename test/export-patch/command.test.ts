import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { directoryWith } from "../config/helpers.js";
import { addCopy, appWith, exportPatch, installedVersionOf, run } from "./app.js";

const CLIENT = "aws-embedded-metrics";
const VERSION = installedVersionOf(CLIENT);
const FIXABLE = "aws-embedded-metrics, datadog-metrics, flagsmith-nodejs, unleash-client";
const PATCH = `patches/${CLIENT}+${VERSION}.patch`;
const misuse = (line: string) => ({
  status: 2,
  stdout: "",
  stderr: `flushguard: ${line} (see flushguard export-patch --help)\n`,
});

let app: string;
beforeEach(() => {
  app = appWith(CLIENT);
  return () => rmSync(app, { recursive: true });
});

const read = (file: string) => readFileSync(join(app, file), "utf8");

describe("wrong arguments", () => {
  it.each([
    [[], `expected a client: ${FIXABLE}`],
    [[CLIENT, "unleash-client"], "expected one client, found 2"],
    [
      ["flagsmith-node"],
      `unknown client "flagsmith-node" (did you mean "flagsmith-nodejs"?), expected one of ${FIXABLE}`,
    ],
    [["flagsmit"], `unknown client "flagsmit" (did you mean "flagsmith-nodejs"?), expected one of ${FIXABLE}`],
    [[CLIENT, "--stdout", "--issue"], "expected one of --stdout and --issue, not both"],
    [[CLIENT, "--isue"], "Unknown option '--isue' (did you mean \"--issue\"?)"],
  ])("%j: one line, exit code 2", (args, line) => {
    expect(exportPatch(args, app)).toEqual(misuse(line));
  });
});

it("says where a client is not installed", () => {
  const line = `unleash-client is not installed in ${app}: npm install unleash-client`;
  expect(exportPatch(["unleash-client"], app)).toEqual(misuse(line));
});

it("says which clients have a patch, for one that has none", () => {
  const line = `flushguard: no patch for hot-shots, only for ${FIXABLE}\n`;
  expect(exportPatch(["hot-shots"], app)).toEqual({ status: 1, stdout: "", stderr: line });
});

describe("a copy that is not as the fix knows it has no patch", () => {
  const folder = () => join(app, "node_modules", CLIENT);
  const reason = (text: string) => ({
    status: 1,
    stdout: "",
    stderr: expect.stringMatching(new RegExp(`^flushguard: no patch for node_modules/${CLIENT} \\S+: ${text}\n$`)),
  });

  it("where its version is not covered", () => {
    writeFileSync(join(folder(), "package.json"), '{ "version": "9.0.0" }');
    expect(exportPatch([CLIENT], app)).toEqual(reason("version 9.0.0 is outside >=\\S+ <5"));
  });

  it("where a file of it is missing", () => {
    renameSync(join(folder(), "lib/logger/MetricsContext.js"), join(folder(), "lib/logger/Context.js"));
    expect(exportPatch([CLIENT], app)).toEqual(reason("it has no file lib/logger/MetricsContext.js"));
  });

  it.each([
    ["yield sink.accept(this.context);", "sink.accept(this.context);", "MetricsLogger#flush with `yield .*`"],
    ["class MetricsLogger ", "class Logger ", "class MetricsLogger"],
  ])("where its source is another: %s", (text, other, missing) => {
    const file = join(folder(), "lib/logger/MetricsLogger.js");
    writeFileSync(file, readFileSync(file, "utf8").replace(text, other));
    expect(exportPatch([CLIENT], app)).toEqual(reason(`lib/logger/MetricsLogger.js has no ${missing}`));
    expect(readdirSync(app)).not.toContain("patches");
  });

  it("where it cannot be parsed", () => {
    writeFileSync(join(folder(), "lib/logger/MetricsLogger.js"), "class {");
    expect(exportPatch([CLIENT], app)).toEqual(reason("lib/logger/MetricsLogger.js: Unexpected token .*"));
  });
});

it.each([
  ["a file", "its directory is not one", () => writeFileSync(join(app, "patches"), "")],
  ["no place for files", "its directory takes no new files", () => symlinkSync("/proc", join(app, "patches"))],
])("says why the patch cannot be written where its folder is %s", (_, reason, make) => {
  if (reason.includes("takes") && !existsSync("/proc/self")) return;
  make();
  expect(exportPatch([CLIENT], app)).toEqual(misuse(`cannot write "${PATCH}": ${reason}; --stdout prints it`));
});

describe("patches that are there", () => {
  const inTheWay = (other: string) =>
    misuse(`${other} is there, so ${PATCH} is not written: remove it, or use --stdout`);

  it("stay where they are the same", () => {
    exportPatch([CLIENT], app);
    expect(exportPatch([CLIENT], app)).toEqual({ status: 0, stdout: `${PATCH}\n`, stderr: "" });
  });

  it.each([PATCH, `patches/${CLIENT}+1.0.0.patch`, `patches/${CLIENT}+${VERSION}+001+ours.patch`])(
    "are not written over or put beside: %s",
    (other) => {
      mkdirSync(join(app, "patches"));
      writeFileSync(join(app, other), "of somebody else");
      expect(exportPatch([CLIENT], app)).toEqual(inTheWay(other));
      expect(readdirSync(join(app, "patches"))).toHaveLength(1);
      expect(read(other)).toBe("of somebody else");
    },
  );

  it("do not matter where they are of other packages", () => {
    mkdirSync(join(app, "patches"));
    const others = [`${CLIENT}-extra+1.0.0.patch`, `@a+${CLIENT}+1.0.0.patch`, `${CLIENT}++b+1.0.0.patch`, "notes.md"];
    for (const name of others) writeFileSync(join(app, "patches", name), "");
    expect(exportPatch([CLIENT], app).status).toBe(0);
  });

  it("are printed with --stdout, and not looked at", () => {
    mkdirSync(join(app, "patches"));
    writeFileSync(join(app, PATCH), "of somebody else");
    const { status, stdout } = exportPatch([CLIENT, "--stdout"], app);
    expect(status).toBe(0);
    rmSync(join(app, PATCH));
    exportPatch([CLIENT], app);
    expect(stdout).toBe(read(PATCH));
  });
});

describe("other copies", () => {
  it("have a patch each, by the names of patch-package", () => {
    addCopy(CLIENT, join(app, "node_modules/@scope/tool/node_modules"));
    addCopy(CLIENT, join(app, "node_modules/other/node_modules/inner/node_modules"));
    const { status, stdout } = exportPatch([CLIENT], app);
    const files = [
      PATCH,
      `patches/@scope+tool++${CLIENT}+${VERSION}.patch`,
      `patches/other++inner++${CLIENT}+${VERSION}.patch`,
    ];
    expect(status).toBe(0);
    expect(stdout.trim().split("\n").toSorted()).toEqual(files.toSorted());
    for (const file of files) expect(run("git", ["apply", file], app).status).toBe(0);
    expect(exportPatch([CLIENT], app).stdout.match(/is patched already/g)).toHaveLength(3);
  });

  it("are found from a folder further down", () => {
    mkdirSync(join(app, "src/lib"), { recursive: true });
    expect(exportPatch([CLIENT], join(app, "src/lib"))).toEqual({ status: 0, stdout: `../../${PATCH}\n`, stderr: "" });
    expect(read(PATCH)).toContain(`--- a/node_modules/${CLIENT}/lib/`);
  });

  it("that are links can be printed, not written", () => {
    const folder = join(app, "node_modules", CLIENT);
    const store = directoryWith({});
    renameSync(folder, join(store, CLIENT));
    symlinkSync(join(store, CLIENT), folder);
    const { status, stderr } = exportPatch([CLIENT], app);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `flushguard: no patch for node_modules/${CLIENT} ${VERSION}: it is a link, which patch-package and git apply do not follow (see --stdout)\n`,
    });
    const { stdout } = exportPatch([CLIENT, "--stdout"], app);
    writeFileSync(join(app, "client.patch"), stdout);
    expect(run("patch", ["-p3", "-i", join(app, "client.patch")], join(store, CLIENT)).status).toBe(0);
  });
});

it("says that a copy is patched where no patch is left to see", () => {
  exportPatch([CLIENT], app);
  run("git", ["apply", PATCH], app);
  rmSync(join(app, PATCH));
  expect(exportPatch([CLIENT], app)).toMatchObject({ status: 1, stderr: expect.stringContaining("patched already") });
});

describe("--issue", () => {
  it("prints what the proof and the reproduction counted here", () => {
    const { status, stdout, stderr } = exportPatch([CLIENT, "--issue"], app);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: "To be opened at https://github.com/awslabs/aws-embedded-metrics-node/issues\n",
    });
    expect(stdout).toMatch(/^# flush\(\) loses metrics .*\n\n`MetricsLogger#flush` /);
    expect(stdout).toContain("| records during a 50 ms flush | 150 | 100 |");
    expect(stdout).toContain("| three overlapping flushes | 100 | 300, 100 of them different |");
    expect(stdout).toContain("metrics put during a flush: 150 put, 100 delivered, 100 of them different\n");
    expect(stdout).toContain(`${CLIENT} ${VERSION}, Node ${process.version}, `);
    expect(stdout).toContain("--- a/lib/logger/MetricsLogger.js\n");
    expect(readdirSync(app)).not.toContain("patches");
  });

  it("has a script that runs as it is", () => {
    const { stdout } = exportPatch([CLIENT, "--issue"], app);
    const [, script = ""] = /```js\n(.*?)\n```/s.exec(stdout) ?? [];
    const [, printed] = /It prints:\n\n```\n(.*?)```/s.exec(stdout) ?? [];
    writeFileSync(join(app, "reproduction.mjs"), script);
    const ran = run(process.execPath, ["reproduction.mjs"], app);
    expect({ status: ran.status, stdout: ran.stdout }).toEqual({ status: 1, stdout: printed });
  });

  it("reports nothing about a copy that is patched", () => {
    exportPatch([CLIENT], app);
    run("git", ["apply", PATCH], app);
    expect(exportPatch([CLIENT, "--issue"], app)).toMatchObject({
      status: 1,
      stdout: "",
      stderr: expect.stringContaining("it is patched already"),
    });
  });
});
