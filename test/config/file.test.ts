import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadConfig } from "../../dist/src/config/index.js";
import { directoryWith } from "./helpers.js";

const FILE = "flushguard.config.json";
const mine = { module: "mine", flush: ["flush"] };
const other = { module: "other", flush: ["flush"] };
const json = (...targets: unknown[]) => JSON.stringify({ targets });

it("reads the whole form", () => {
  const target = {
    module: "some-client",
    versions: ">=1 <3",
    file: "lib/{a,b}/*.js",
    export: "Metrics.Client",
    record: ["count"],
    flush: ["flush"],
    close: ["stop"],
    buffers: { bucket: "sum", latest: "last", lines: "append" },
    owner: "holder.buffer",
  };
  const factory = { module: "@scope/made.here", factory: "Client#child", send: ["_send"], batch: "on the stack" };
  const config = loadConfig({}, directoryWith({ [FILE]: `\uFEFF${json(target, factory)}` }));
  expect(config.problems).toEqual([]);
  expect(config.userTargets).toStrictEqual([target, factory]);
});

describe("where it is", () => {
  it("is the working directory", () => {
    expect(loadConfig({}, directoryWith({ [FILE]: json(mine) })).userTargets).toStrictEqual([mine]);
  });

  it("is package.json where there is no file", () => {
    const manifest = JSON.stringify({ name: "app", flushguard: { targets: [mine, 7], extra: 1 } });
    const directory = directoryWith({ "package.json": manifest });
    const config = loadConfig({}, directory);
    expect(config.userTargets).toStrictEqual([mine]);
    expect(config.problems).toEqual([
      `${directory}/package.json: flushguard.extra: found an unknown key, expected "targets"; it is ignored`,
      `${directory}/package.json: flushguard.targets[1]: found 7, expected an object; this target is left out`,
    ]);
  });

  it("is package.json as npm reads it, with a mark of its byte order too", () => {
    const manifest = `\uFEFF${JSON.stringify({ flushguard: { targets: [mine] } })}`;
    expect(loadConfig({}, directoryWith({ "package.json": manifest })).userTargets).toStrictEqual([mine]);
  });

  it("is the file rather than package.json", () => {
    const manifest = JSON.stringify({ flushguard: { targets: [other] } });
    const config = loadConfig({}, directoryWith({ [FILE]: json(mine), "package.json": manifest }));
    expect(config.userTargets).toStrictEqual([mine]);
  });

  it("is what FLUSHGUARD_CONFIG names rather than both", () => {
    const directory = directoryWith({ [FILE]: json(other), "etc/guard.json": json(mine) });
    for (const path of ["etc/guard.json", "./etc/guard.json", join(directory, "etc/guard.json")]) {
      expect(loadConfig({ FLUSHGUARD_CONFIG: path }, directory).userTargets).toStrictEqual([mine]);
    }
  });

  it.each(["", "{", "null", "[]", '"text"', '{ "dependencies": { "flushguard": "1" } }'])(
    "is nowhere, and nobody's business, when package.json holds %j",
    (text) => {
      const config = loadConfig({}, directoryWith({ "package.json": text }));
      expect(config).toMatchObject({ userTargets: [], problems: [] });
    },
  );

  it("is told of where both are there", () => {
    const directory = directoryWith({ [FILE]: json(mine), "package.json": '{ "flushguard": { "targets": [] } }' });
    expect(loadConfig({}, directory)).toMatchObject({
      userTargets: [mine],
      problems: [
        `${directory}/package.json: found "flushguard" beside ${FILE}, expected one of the two; it is ignored`,
      ],
    });
  });

  it("is told of where the working directory has one beside what is named", () => {
    const end = "beside FLUSHGUARD_CONFIG=named.json, expected one of the two; it is ignored";
    const named = { "named.json": json(mine) };
    const inFile = directoryWith({ ...named, [FILE]: json(other) });
    const key = { "package.json": JSON.stringify({ flushguard: { targets: [other] } }) };
    const inKey = directoryWith({ ...named, ...key });
    for (const [directory, line] of [
      [inFile, `${inFile}/${FILE}: found a file of targets ${end}`],
      [inKey, `${inKey}/package.json: found the key "flushguard" ${end}`],
    ] as const) {
      const { userTargets, problems: told } = loadConfig({ FLUSHGUARD_CONFIG: "named.json" }, directory);
      expect({ userTargets, told }).toEqual({ userTargets: [mine], told: [line] });
    }
    expect(loadConfig({ FLUSHGUARD_CONFIG: FILE }, inFile).problems).toEqual([]);
    expect(loadConfig({ FLUSHGUARD_CONFIG: join(inFile, "named.json") }, "/").problems).toEqual([]);
  });

  it("is beside the main script or above it, where the working directory has none", () => {
    const app = directoryWith({ [FILE]: json(mine), "dist/src/main.js": "", "dist/other/package.json": "{}" });
    const elsewhere = directoryWith({});
    expect(loadConfig({}, elsewhere, join(app, "dist/src")).userTargets).toEqual([mine]);
    expect(loadConfig({}, directoryWith({ [FILE]: json(other) }), join(app, "dist/src")).userTargets).toEqual([other]);
    expect(loadConfig({}, undefined, join(app, "dist")).userTargets).toEqual([mine]);
    expect(loadConfig({}, elsewhere, elsewhere).userTargets).toEqual([]);
  });

  it("may name its schema, and has to have targets", () => {
    const schema = { $schema: "./node_modules/flushguard/dist/flushguard.config.schema.json" };
    const load = (value: object) => loadConfig({}, directoryWith({ [FILE]: JSON.stringify(value) }));
    expect(load({ ...schema, targets: [mine] })).toMatchObject({ userTargets: [mine], problems: [] });
    expect(load({ target: [mine] }).problems).toEqual([
      expect.stringMatching(/: target: found an unknown key, expected "targets"; it is ignored$/),
      expect.stringMatching(/: targets: found nothing, expected a list of targets; using no targets of your own$/),
    ]);
  });

  it.each([
    ".flushguardrc",
    "flushguard.json",
    "flushguard.config.js",
    "flushguard.config.mjs",
    "flushguard.config.ts",
  ])("is told of under another name where there is none: %s", (name) => {
    const folder = directoryWith({ [name]: json(mine) });
    const [elsewhere, told] = [directoryWith({}), "that is not read, expected the name"];
    const problems = [`${folder}/${name}: found a file ${told} ${FILE}; it is ignored`];
    expect(loadConfig({}, folder, folder)).toMatchObject({ userTargets: [], problems });
    expect(loadConfig({}, elsewhere, folder)).toMatchObject({ userTargets: [], problems });
    expect(loadConfig({ FLUSHGUARD: "off" }, folder, folder).problems).toEqual([]);
    writeFileSync(join(elsewhere, FILE), json(other));
    expect(loadConfig({}, elsewhere, folder)).toMatchObject({ userTargets: [other], problems: [] });
  });

  it("is nowhere when the working directory was removed", () => {
    const directory = directoryWith({});
    const url = JSON.stringify(new URL("../../dist/src/config/index.js", import.meta.url).href);
    const source = `import { rmdirSync } from "node:fs";
import { loadConfig } from ${url};
rmdirSync(process.cwd());
console.log(JSON.stringify(loadConfig({}).problems));`;
    const printed = execFileSync(process.execPath, ["--input-type=module", "--eval", source], { cwd: directory });
    expect(printed.toString()).toBe("[]\n");
  });
});

describe("a file that cannot be used", () => {
  const end = "expected a JSON file of at most 1048576 bytes; using no targets of your own";
  const problems = (directory: string, env = {}) => {
    const config = loadConfig(env, directory);
    expect(config.userTargets).toEqual([]);
    return config.problems;
  };

  it("is a link that leads nowhere, or in a circle", () => {
    const directory = directoryWith({});
    symlinkSync("nowhere.json", join(directory, FILE));
    expect(problems(directory)).toEqual([`${directory}/${FILE}: found no file, ${end}`]);
    const circle = directoryWith({});
    symlinkSync(FILE, join(circle, FILE));
    expect(problems(circle)).toEqual([`${circle}/${FILE}: found a file that cannot be read (ELOOP), ${end}`]);
  });

  it("is not UTF-8", () => {
    const directory = directoryWith({});
    writeFileSync(join(directory, FILE), Buffer.from(`\uFEFF${json(mine)}`, "utf16le"));
    expect(problems(directory)).toEqual([`${directory}/${FILE}: found text that is not UTF-8, ${end}`]);
  });

  it("is missing", () => {
    const directory = directoryWith({});
    expect(problems(directory, { FLUSHGUARD_CONFIG: "gone.json" })).toEqual([
      `${directory}/gone.json (FLUSHGUARD_CONFIG): found no file, ${end}`,
    ]);
    writeFileSync(join(directory, "named.json"), "{}");
    expect(problems(directory, { FLUSHGUARD_CONFIG: "named.json/below.json" })).toEqual([
      `${directory}/named.json/below.json (FLUSHGUARD_CONFIG): found no file, ${end}`,
    ]);
  });

  it("is a directory", () => {
    const directory = directoryWith({});
    mkdirSync(join(directory, FILE));
    expect(problems(directory)).toEqual([`${directory}/${FILE}: found a directory, ${end}`]);
  });

  it("is a device", () => {
    expect(problems("/", { FLUSHGUARD_CONFIG: "/dev/zero" })).toEqual([
      `/dev/zero (FLUSHGUARD_CONFIG): found something that is not a file, ${end}`,
    ]);
  });

  it("cannot be read", () => {
    const path = `/${"x".repeat(300)}`;
    expect(problems("/", { FLUSHGUARD_CONFIG: path })).toEqual([
      `${path} (FLUSHGUARD_CONFIG): found a file that cannot be read (ENAMETOOLONG), ${end}`,
    ]);
  });

  it("is huge", () => {
    const directory = directoryWith({ [FILE]: `${json(mine)}${" ".repeat(1_048_576)}` });
    const bytes = json(mine).length + 1_048_576;
    expect(problems(directory)).toEqual([`${directory}/${FILE}: found ${bytes} bytes, ${end}`]);
  });

  it.each(["", "{ targets: [] }", '{\n  "targets": [\n', "module.exports = {}", "\0", "\u001b[31m"])(
    "holds %j",
    (text) => {
      const directory = directoryWith({ [FILE]: text });
      let reason = "";
      try {
        JSON.parse(text);
      } catch (error) {
        reason = (error as Error).message.replace(/[\s\p{Cc}]+/gu, " ");
      }
      const [line, ...others] = problems(directory);
      expect(others).toEqual([]);
      expect(line).toBe(
        `${directory}/${FILE}: found text that is not JSON (${reason}), expected a JSON object; using no targets of your own`,
      );
      expect(line).not.toMatch(/\p{Cc}/u);
    },
  );

  it.each(["[]", "null", "7", '"text"', "true"])("holds %j", (text) => {
    const directory = directoryWith({ [FILE]: text });
    expect(problems(directory)).toEqual([
      `${directory}/${FILE}: found ${text}, expected an object with "targets"; using no targets of your own`,
    ]);
  });

  it.each(["{}", "null", '"a"', "7"])("has targets that are %j", (text) => {
    const directory = directoryWith({ [FILE]: `{ "targets": ${text} }` });
    expect(problems(directory)).toEqual([
      `${directory}/${FILE}: targets: found ${text}, expected a list of targets; using no targets of your own`,
    ]);
  });
});

it("is an ignored key away from being right", () => {
  const directory = directoryWith({ [FILE]: JSON.stringify({ target: [], __proto__: 1, targets: [mine] }) });
  const config = loadConfig({}, directory);
  expect(config.userTargets).toStrictEqual([mine]);
  expect(config.problems).toEqual([
    `${directory}/${FILE}: target: found an unknown key, expected "targets"; it is ignored`,
  ]);
});

it("goes on without the bad target, with the good ones", () => {
  const bad = { module: "bad", flush: "flush" };
  const directory = directoryWith({ [FILE]: json(mine, bad, other) });
  const config = loadConfig({}, directory);
  expect(config.userTargets).toStrictEqual([mine, other]);
  expect(config.problems).toEqual([
    `${directory}/${FILE}: targets[1].flush: found "flush", expected a list of method names; this target is left out`,
  ]);
});

it("has no target, or one twice", () => {
  const load = (...targets: unknown[]) => {
    const directory = directoryWith({ [FILE]: json(...targets) });
    const { userTargets, problems } = loadConfig({}, directory);
    return { userTargets, problems: problems.map((line) => line.replace(`${directory}/${FILE}: `, "")) };
  };
  expect(load()).toEqual({
    userTargets: [],
    problems: ["targets: found [], expected at least one target; using no targets of your own"],
  });
  const twice = { ...mine, record: ["count"] };
  const others = ["versions", "file", "export", "factory"].map((key) => ({ ...mine, [key]: "1" }));
  expect(load(mine, { flush: 7 }, twice, ...others)).toMatchObject({
    userTargets: [mine, ...others],
    problems: [
      expect.stringMatching(/^targets\[1\]/),
      expect.stringMatching(/^targets\[1\]/),
      'targets[2]: found "mine" again, expected one target for each class: targets[0] is about the same; this target is left out',
    ],
  });
});

it("has lists with nothing in them", () => {
  const empty = { record: [], send: [], close: [], use: [], buffers: { b: "sum" }, view: true };
  const target = { ...mine, ...empty, ends: { method: "post", abortedBy: [] } };
  const directory = directoryWith({ [FILE]: json(target) });
  const config = loadConfig({}, directory);
  expect(config.userTargets).toStrictEqual([target]);
  expect(config.problems).toEqual(
    ["record", "send", "close", "use", "ends.abortedBy"].map(
      (key) =>
        `${directory}/${FILE}: targets[0].${key}: found [], expected the name of a method at least; it is ignored`,
    ),
  );
});

it("has a key twice, of which the last one counts", () => {
  const text = `{ "targets": [], "targets": [{ "module": "mine", "send": ["a"], "flush": ["b"], "flush": ["flush"], "send": ["flush", "\\"send\\":"] }, { "module": "other", "flush": ["flush"] }] }`;
  const directory = directoryWith({ [FILE]: text });
  const config = loadConfig({}, directory);
  const twice = (key: string) =>
    `${join(directory, FILE)}: found ${key} again, expected each key once; the last one counts`;
  expect(config.problems.slice(0, 3)).toEqual([twice("targets"), twice("targets[0].flush"), twice("targets[0].send")]);
  const manifest = `{ "name": "a", "name": "b", "flushguard": { "targets": [] }, "flushguard": { "targets": [{ "module": "mine", "flush": ["a"], "flush": ["flush"] }] } }`;
  const inManifest = directoryWith({ "package.json": manifest });
  expect(loadConfig({}, inManifest)).toMatchObject({
    userTargets: [mine],
    problems: ["flushguard", "flushguard.targets[0].flush"].map(
      (key) => `${inManifest}/package.json: found ${key} again, expected each key once; the last one counts`,
    ),
  });
});

it("runs no code", () => {
  const code = "throw new Error('run');";
  const config = loadConfig({}, directoryWith({ "flushguard.config.js": code, "flushguard.config.mjs": code }));
  expect(config).toMatchObject({ userTargets: [], problems: [expect.stringContaining("a file that is not read")] });
});

it("loads what judges a file only where there is one", () => {
  const url = JSON.stringify(new URL("../../dist/src/config/index.js", import.meta.url).href);
  const source = `import { createRequire } from "node:module";
import { loadConfig } from ${url};
const { cache } = createRequire(import.meta.url);
const before = Object.keys(cache).length;
loadConfig();
console.log(Object.keys(cache).length > before);`;
  const loaded = (cwd: string) => {
    const printed = execFileSync(process.execPath, ["--input-type=module", "--eval", source], { cwd });
    return JSON.parse(printed.toString()) as boolean;
  };
  expect(loaded(directoryWith({ "package.json": "{}" }))).toBe(false);
  expect(loaded(directoryWith({ [FILE]: "{}" }))).toBe(true);
});
