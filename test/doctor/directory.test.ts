import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { type Diagnosis, diagnose } from "../../dist/src/cli/doctor/diagnosis.js";
import { printable } from "../../dist/src/cli/doctor/output.js";
import { startsIn } from "../../dist/src/cli/doctor/starts/app-starts.js";
import { plain } from "../../dist/src/cli/paint.js";
import { target } from "../../dist/src/targets/hot-shots.js";
import { cli } from "../cli/cli.js";
import { directoryWith } from "../config/helpers.js";
import { install, installed, link } from "./packages.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const REGISTER = new URL("../../dist/register.js", import.meta.url).href;
const manifest = (name: string, version: string) => JSON.stringify({ name, version });
const metrics = "exports.MetricsLogger = class { putMetric() {} };";

/** A workspace with an app in it that has a client in every way there is to have one. */
const workspace = directoryWith({
  "app/package.json": JSON.stringify({ name: "app", version: "1.0.0", dependencies: { stats: "npm:hot-shots@^14" } }),
  "app/flushguard.config.json": JSON.stringify({ targets: [{ module: "mended", fixedIn: "2.0.0", flush: ["flush"] }] }),
  "app/node_modules/lib-newer/package.json": manifest("lib-newer", "1.0.0"),
  "app/node_modules/lib-shape/package.json": manifest("lib-shape", "1.0.0"),
  "app/node_modules/lib-shape/node_modules/aws-embedded-metrics/package.json": manifest(
    "aws-embedded-metrics",
    "4.0.0",
  ),
  "app/node_modules/lib-shape/node_modules/aws-embedded-metrics/lib/logger/MetricsLogger.js": metrics,
  "app/node_modules/lib-file/package.json": manifest("lib-file", "1.0.0"),
  "app/node_modules/lib-file/node_modules/aws-embedded-metrics/package.json": manifest("aws-embedded-metrics", "4.1.0"),
  "app/node_modules/lib-exit/package.json": manifest("lib-exit", "1.0.0"),
  "app/node_modules/lib-exit/node_modules/statsd-client/package.json": manifest("statsd-client", "0.3.0"),
  "app/node_modules/lib-exit/node_modules/statsd-client/index.js": "process.exit(3);",
  "app/node_modules/lib-throw/package.json": manifest("lib-throw", "1.0.0"),
  "app/node_modules/lib-throw/node_modules/statsd-client/package.json": manifest("statsd-client", "0.2.0"),
  "app/node_modules/lib-throw/node_modules/statsd-client/lib/TCPSocket.js": 'throw new Error("no licence");',
  "app/node_modules/.pnpm/lib-pnpm@1.0.0/node_modules/lib-pnpm/package.json": manifest("lib-pnpm", "1.0.0"),
  "app/node_modules/mended/package.json": manifest("mended", "2.1.0"),
  "app/node_modules/librato-node/package.json": manifest("librato-node", "5.0.6"),
  "app/node_modules/applicationinsights/package.json": manifest("applicationinsights", "3.17.0"),
  "app/node_modules/newrelic/package.json": manifest("newrelic", "12.0.0"),
  "app/node_modules/dd-trace/package.json": manifest("dd-trace", "6.21.0"),
  "app/node_modules/lib-link/package.json": manifest("lib-link", "1.0.0"),
  "app/src/index.js": 'import "hot-shots";',
});
const app = join(workspace, "app");
const modules = join(app, "node_modules");

beforeAll(() => {
  install("hot-shots", join(modules, "hot-shots"));
  install("hot-shots", join(modules, "lib-newer/node_modules/hot-shots"), "18.0.0");
  install("hot-shots", join(modules, "statsd"), "17.0.0");
  install("hot-shots", join(modules, "stats"), "14.0.0");
  install("hot-shots", join(workspace, "packages/hot-shots"), "15.0.0");
  install("hot-shots", join(modules, ".pnpm/hot-shots@16.0.0/node_modules/hot-shots"), "16.0.0");
  link(join(modules, "lib-pnpm"), ".pnpm/lib-pnpm@1.0.0/node_modules/lib-pnpm");
  link(join(modules, ".pnpm/lib-pnpm@1.0.0/node_modules/hot-shots"), "../../hot-shots@16.0.0/node_modules/hot-shots");
  install("statsd-client", join(workspace, "node_modules/statsd-client"));
  link(join(modules, "lib-link/node_modules/hot-shots"), "../../../../packages/hot-shots");
});

function doctor(directory: string, env: NodeJS.ProcessEnv = {}): Diagnosis & { status: number | null } {
  const { status, stdout, stderr } = cli(["doctor", directory, "--json"], workspace, env);
  expect(stderr).toBe("");
  return { ...JSON.parse(stdout), status };
}

const told = ({ clients }: Diagnosis) =>
  Object.fromEntries(
    clients.map(({ module, version, state, reasons }) => [`${module} ${version}`, [state, ...reasons]]),
  );

describe("an app with clients of every kind", () => {
  it("has each copy of a client once, and what is so of it", () => {
    const diagnosis = doctor("app", { FLUSHGUARD_TARGETS: "-librato-node" });
    expect(told(diagnosis)).toEqual({
      "hot-shots 17.1.1": ["can be guarded"],
      "hot-shots 18.0.0": ["out of range", `version 18.0.0 is outside ${target.versions}`],
      "hot-shots 17.0.0": ["out of reach", "it is installed under the name statsd"],
      "hot-shots 16.0.0": ["can be guarded"],
      "statsd-client 0.4.7": ["can be guarded"],
      "statsd-client 0.3.0": ["not tried", "loading it ended by exit code 3"],
      "statsd-client 0.2.0": ["not tried", "no licence"],
      "aws-embedded-metrics 4.0.0": ["wrong shape", 'lib/logger/MetricsLogger.js: "MetricsLogger" has no "flush"'],
      "aws-embedded-metrics 4.1.0": ["wrong shape", "it has no file lib/logger/MetricsLogger.js"],
      "hot-shots 14.0.0": ["can be guarded"],
      "hot-shots 15.0.0": ["can be guarded"],
      "mended 2.1.0": ["fixed upstream", "fixed upstream in 2.0.0"],
      "librato-node 5.0.6": ["disabled", "FLUSHGUARD_TARGETS leaves it out"],
      "applicationinsights 3.17.0": ["nothing to guard", "nothing to guard in 3.17.0"],
    });
    const paths = diagnosis.clients.map(({ path }) => path);
    expect(paths).toContain(join(modules, ".pnpm/hot-shots@16.0.0/node_modules/hot-shots"));
    expect(paths).toContain(join(workspace, "node_modules/statsd-client"));
    expect(new Set(paths).size).toBe(paths.length);
    expect(diagnosis.clients.find(({ version }) => version === "17.1.1")?.files).toEqual(["lib/statsd.js"]);
    expect(diagnosis).toMatchObject({
      format: 1,
      ok: false,
      status: 1,
      directory: app,
      mode: "on",
      problems: [],
      node: { version: process.version, supported: true },
      preload: { resolves: false, anywhere: false, url: REGISTER },
    });
    expect(diagnosis.agents.map(({ name, testedWith }) => [name, testedWith])).toEqual([
      ["dd-trace", "6.21.0"],
      ["newrelic", undefined],
    ]);
  });

  it("is told in words, without colour where no one watches", () => {
    const { status, stdout, stderr } = cli(["doctor", "app"], workspace);
    expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
    expect(stdout).not.toContain("\u001b");
    expect(stdout).toMatch(/^✓ {2}hot-shots 17\.1\.1 +can be guarded$/m);
    expect(stdout).toMatch(/^✗ {2}hot-shots 18\.0\.0 +out of range$/m);
    expect(stdout).toContain("dd-trace 6.21.0: tested beside the guard");
    expect(stdout).toContain("newrelic 12.0.0: not tested beside the guard");
    expect(stdout).toContain("Cannot be guarded, and should be: 7 of 12.");
  });

  it("is left alone where FLUSHGUARD is off, and that is as it should be", () => {
    const diagnosis = doctor("app", { FLUSHGUARD: "off" });
    expect(diagnosis).toMatchObject({ mode: "off", ok: true, status: 0 });
    expect(new Set(diagnosis.clients.map(({ state }) => state))).toEqual(new Set(["disabled"]));
  });
});

it("does not say of a client that is switched off that it needs no guard", () => {
  const one = directoryWith({ "package.json": "{}" });
  install("hot-shots", join(one, "node_modules/hot-shots"));
  const { stdout } = cli(["doctor"], one, { FLUSHGUARD_TARGETS: "-hot-shots" });
  expect(stdout).toContain("Can be guarded: 0 of 0, 1 switched off.");
});

describe("an app with one client", () => {
  const one = directoryWith({ "package.json": manifest("one", "1.0.0") });
  beforeAll(() => install("hot-shots", join(one, "node_modules/hot-shots")));

  it("is fine", () => {
    expect(doctor(one)).toMatchObject({
      ok: true,
      status: 0,
      esm: process.version.startsWith("v20.") ? "none" : "registerHooks",
    });
    expect(cli(["doctor"], one).stdout).toMatch(
      /\n✓ {2}hot-shots 17\.1\.1 +can be guarded\n\nCan be guarded: 1 of 1\. Nothing here starts it with the preload,.*\nnpx flushguard doctor -- COMMAND\n$/,
    );
  });

  it("is not when its configuration is wrong", () => {
    const env = { FLUSHGUARD_TARGETS: "-hotshots", FLUSHGUARD_LOG: "loud" };
    const otherName = join(one, "flushguard.config.js");
    writeFileSync(otherName, "");
    const { ok, status, problems } = doctor(one, env);
    const off = doctor(one, { ...env, FLUSHGUARD: "off" });
    rmSync(otherName);
    expect({ ok, status }).toEqual({ ok: false, status: 1 });
    expect(problems).toEqual([
      'FLUSHGUARD_LOG: found "loud", expected one of silent, error, warn, info, debug; using warn',
      `${otherName}: found a file that is not read, expected the name flushguard.config.json; it is ignored`,
      'FLUSHGUARD_TARGETS: found "hotshots", expected the name of a target (did you mean "hot-shots"?); this name is ignored',
    ]);
    expect(off.problems).toEqual(problems);
  });

  it.each([
    "flushgaurd.config.json",
    ".flushguard.json",
    "flushguard.json",
    "flushguard.config.jsonc",
    "flushguard.conf.json",
    "flush-guard.config.json",
    "flushguardrc",
    "flushguard.config.json.txt",
  ])("is told of a configuration under another name: %s", (name) => {
    const beside = ["flushguard.log", "flushguard-report.json", "flushguard.config.schema.json", "flushguard.mjs"];
    for (const file of [name, ...beside]) writeFileSync(join(one, file), "{}");
    const { ok, problems } = doctor(one);
    for (const file of [name, ...beside]) rmSync(join(one, file));
    expect({ ok, problems }).toEqual({
      ok: false,
      problems: [
        `${join(one, name)}: found a file that is not read, expected the name flushguard.config.json; it is ignored`,
      ],
    });
  });

  it("observes where FLUSHGUARD says so", () => {
    expect(doctor(one, { FLUSHGUARD: "Observe" }).mode).toBe("observe");
  });

  it("tells what processes that are not its children inherit", () => {
    const inherited = (specifier: string, flag = "--import") =>
      cli(["doctor"], one, { FLUSHGUARD: "off", NODE_OPTIONS: `--no-warnings ${flag}=${specifier}` }).stdout.replace(
        /\s+/g,
        " ",
      );
    const strings = "a worker made from a string (eval: true) needs --require flushguard/register";
    expect(cli(["doctor"], one).stdout).toContain("workers, fork() and cluster inherit --import;");
    expect(cli(["doctor"], one).stdout).toContain(strings);
    expect(inherited(REGISTER)).toContain(`every Node process inherits the preload from NODE_OPTIONS ${strings}`);
    const required = inherited(fileURLToPath(REGISTER), "--require");
    expect(required).toContain("every Node process inherits the preload from NODE_OPTIONS");
    expect(required).not.toContain(strings);
    link(join(one, "node_modules/flushguard"), ROOT);
    expect(inherited("flushguard/register")).toContain(
      "NODE_OPTIONS has flushguard/register, which is found from the working directory",
    );
    expect(doctor(one, { FLUSHGUARD: "off" }).preload).toMatchObject({ resolves: true });
  });
});

describe("where the preload is", () => {
  const PRELOAD = "--import flushguard/register";
  const status = (cwd: string, env: NodeJS.ProcessEnv = {}) => cli(["doctor", "--require-preload"], cwd, env).status;

  it.each([
    ["package.json", JSON.stringify({ scripts: { start: `node ${PRELOAD} app.js` } }), "package.json scripts.start"],
    ["Dockerfile", `FROM node:22\n\nCMD ["node", "--import", "flushguard/register", "app.js"]\n`, "Dockerfile:3"],
    ["api.Dockerfile", `ENV NODE_OPTIONS="--import=flushguard/register"\nCMD node app.js\n`, "api.Dockerfile:1"],
    ["Procfile", `web: node ${PRELOAD} app.js\n`, "Procfile:1"],
    [
      "ecosystem.config.cjs",
      `module.exports = {\n  apps: [{ node_args: "${PRELOAD}" }],\n};\n`,
      "ecosystem.config.cjs:2",
    ],
    [
      "app.service",
      `[Service]\nExecStart=/usr/bin/node ${PRELOAD} app.js\nWorkingDirectory=/srv/app\n`,
      "app.service:2",
    ],
    ["compose.yaml", `services:\n  app:\n    command: node ${PRELOAD} app.js\n`, "compose.yaml:3"],
  ])("is found in %s", (file, text, place) => {
    expect(startsIn(directoryWith({ [file]: text })).places).toEqual([{ place, preload: "flushguard/register" }]);
  });

  it("is missed where Node is started without it, and where it is in a comment", () => {
    const files = {
      "package.json": JSON.stringify({ scripts: { start: "node app.js", lint: "eslint" } }),
      Dockerfile: `# CMD node ${PRELOAD} app.js\nCMD ["node", "app.js"]\n`,
      Procfile: "web: node app.js\n",
    };
    const cwd = directoryWith(files);
    expect(startsIn(cwd).places.map(({ place, preload }) => [place, preload])).toEqual([
      ["package.json scripts.start", undefined],
      ["Dockerfile:2", undefined],
      ["Procfile:1", undefined],
    ]);
    expect(status(cwd)).toBe(1);
    expect(status(directoryWith({ Procfile: `web: node ${PRELOAD} app.js\n` }))).toBe(0);
    expect(status(directoryWith({}), { NODE_OPTIONS: `--import=${REGISTER}` })).toBe(0);
    expect(status(cwd, { NODE_OPTIONS: `--import=${REGISTER}` })).toBe(1);
  });

  it.each([
    ["package.json", '{ "scripts": { "start": "node dist/main.js" } }', `"start": "node ${PRELOAD} dist/main.js"`],
    ["Dockerfile", 'CMD ["node", "app.js"]\n', 'CMD ["node", "--import", "flushguard/register", "app.js"]'],
    ["Dockerfile", 'ENTRYPOINT ["node"]\n', 'ENTRYPOINT ["node", "--import", "flushguard/register"]'],
    ["Dockerfile", "CMD exec node app.js\n", `CMD exec node ${PRELOAD} app.js`],
    ["Procfile", "web: node app.js\r\n", `web: node ${PRELOAD} app.js`],
    ["compose.yaml", "services:\n  app:\n    command: node app.js\n", `command: node ${PRELOAD} app.js`],
    [
      "app.service",
      "WorkingDirectory=/srv/app\nExecStart=/usr/bin/node app.js\n",
      `ExecStart=/usr/bin/node ${PRELOAD} app.js`,
    ],
    [
      "app.service",
      "ExecStart=/usr/bin/node /srv/app.js\n",
      `ExecStart=/usr/bin/node --import ${REGISTER} /srv/app.js`,
    ],
    ["ecosystem.config.js", '    script: "app.js",\n', `script: "app.js", node_args: "--import ${REGISTER}",`],
    ["process.json", '    "script": "app.js"\n', `"script": "app.js", "node_args": "--import ${REGISTER}",`],
    ["pm2.yml", "  script: app.js\n", `script: app.js\nnode_args: --import ${REGISTER}`],
    [
      "Procfile",
      "web: node -r ts-node/register app.ts\n",
      "web: node -r flushguard/register -r ts-node/register app.ts",
    ],
    [
      "Dockerfile",
      'CMD ["node", "--require", "@swc-node/register", "app.ts"]\n',
      'CMD ["node", "-r", "flushguard/register", "--require", "@swc-node/register", "app.ts"]',
    ],
    [
      "Procfile",
      `web: node ${PRELOAD} --require=esbuild-register app.ts\n`,
      "web: node -r flushguard/register --require=esbuild-register app.ts",
    ],
    [
      "Dockerfile",
      'CMD ["node", "--import", "flushguard/register", "-r", "ts-node/register", "app.ts"]\n',
      'CMD ["node", "-r", "flushguard/register", "-r", "ts-node/register", "app.ts"]',
    ],
  ])("%s has %j: what should be there instead is known", (file, text, instead) => {
    expect(startsIn(directoryWith({ [file]: text })).places).toMatchObject([{ instead }]);
  });

  it("is said in words, with what to copy on lines of its own", () => {
    const files = {
      Dockerfile: `CMD node ${PRELOAD} -r ts-node/register app.ts\n`,
      "pm2.yml": "  script: app.js\n",
      Procfile: "web: ts-node app.ts\n",
    };
    const { stdout } = cli(["doctor"], directoryWith(files));
    expect(stdout).toContain(`
Preload     Dockerfile:1 has flushguard/register by --import, and under any --import Node refuses what ts-node/register is for. Instead:
            CMD node -r flushguard/register -r ts-node/register app.ts
            Procfile:1 starts Node without it
            pm2.yml:1 starts Node without it. Instead:
            script: app.js
            node_args: --import ${REGISTER}
`);
    const without = cli(["doctor"], directoryWith({ Procfile: files.Procfile })).stdout;
    expect(without).toMatch(
      /^Preload +none found in .*\n +Procfile:1 starts Node without it\n +node --import flushguard/m,
    );
    expect(without).toContain(`\n            NODE_OPTIONS="--import=${REGISTER}"\n`);
  });
});

it("ends in time where there is a great deal to try, and says what was not", async () => {
  const { clients, ok, unsearched } = await diagnose(app, false, () => {}, { trialsMs: 0, searchMs: 0 });
  const reasons = clients.filter(({ state }) => state === "not tried").map(({ reasons: all }) => all);
  expect(reasons.length).toBeGreaterThan(3);
  expect(new Set(reasons.flat())).toEqual(
    new Set([`the ${clients.length} copies here took more than 0 seconds to try`]),
  );
  expect(ok).toBe(false);
  expect(unsearched).toEqual([
    expect.stringMatching(/^\S+ and what comes after it: all of it takes more than 0 seconds$/),
  ]);
});

it("says of a script that is too large to be searched that it is not", async () => {
  const directory = directoryWith({ "dist/small.js": "", "dist/large.js": "" });
  truncateSync(join(directory, "dist/large.js"), 64 * 1024 * 1024 + 1);
  const { unsearched, ok } = await diagnose(directory, false, () => {});
  expect({ unsearched, ok }).toEqual({ unsearched: ["dist/large.js, which is larger than 64 MiB"], ok: false });
});

describe("a client whose package.json does not tell its version", () => {
  const UNTOLD = "its package.json tells no version: it is missing, broken or without one";
  const at = "node_modules/hot-shots/package.json";
  const app = () => {
    const directory = directoryWith({});
    install("hot-shots", join(directory, "node_modules/hot-shots"));
    return directory;
  };

  it.each<[string, (path: string) => void]>([
    ["not JSON", (path) => writeFileSync(path, '{ "name": "hot-shots",')],
    ["empty", (path) => writeFileSync(path, "")],
    ["null", (path) => writeFileSync(path, "null")],
    ["a list", (path) => writeFileSync(path, "[]")],
    ["without a name and a version", (path) => writeFileSync(path, "{}")],
    ["a version that is no text", (path) => writeFileSync(path, '{ "name": "hot-shots", "version": 17 }')],
    ["missing", () => {}],
    ["a directory", (path) => mkdirSync(path)],
    ["a link to itself", (path) => symlinkSync("package.json", path)],
  ])("%s: one line", (_, spoil) => {
    const directory = app();
    rmSync(join(directory, at));
    spoil(join(directory, at));
    const { clients, status } = doctor(directory);
    expect(clients).toEqual([
      expect.objectContaining({ module: "hot-shots", state: "out of range", reasons: [UNTOLD] }),
    ]);
    expect(status).toBe(1);
    expect(cli(["verify", "hot-shots"], directory).stdout).toMatch(`hot-shots unknown is left as it is: ${UNTOLD}\n`);
  });

  it("is none that begins with a byte order mark, as Node reads that", () => {
    const directory = app();
    const path = join(directory, at);
    writeFileSync(path, `\uFEFF${readFileSync(path, "utf8")}`);
    expect(doctor(directory).clients).toMatchObject([{ version: "17.1.1", state: "can be guarded" }]);
  });

  it("is not there where its folder has nothing that Node could load", () => {
    const directory = directoryWith({ "node_modules/hot-shots/lib/x.js": "" });
    expect(doctor(directory).clients).toEqual([]);
  });
});

it("breaks no command for a narrow terminal", async () => {
  const diagnosis = await diagnose(directoryWith({}), false, () => {});
  const text = printable(diagnosis, { width: 40, paint: plain });
  expect(text).toContain(`NODE_OPTIONS="--import=${REGISTER}"\n`);
});

it("finds what bundlers have inlined", () => {
  const cwd = directoryWith({
    "index.cjs": 'const StatsD = require("hot-shots"); new StatsD({ mock: true });',
    "with-api.cjs": 'require("flushguard").guard(require("hot-shots"), { flush: ["flush"] });',
    "loads.cjs": 'require("./node_modules/hot-shots/lib/statsd.js");',
  });
  install("hot-shots", join(cwd, "node_modules/hot-shots"));
  for (const [name, minify] of [
    ["index", []],
    ["with-api", []],
    ["minified", ["--minify"]],
  ] as const) {
    const from = name === "minified" ? "index" : name;
    const args = [`${from}.cjs`, "-o", `dist/${name}.cjs`, "--platform", "node", "--external", "flushguard", ...minify];
    const { status, stderr } = spawnSync(installed(".bin/rolldown"), args, { cwd, encoding: "utf8" });
    expect({ status, stderr }).toMatchObject({ status: 0 });
  }
  const { clients, status } = doctor(cwd);
  expect(clients.map(({ path, state }) => [path.slice(cwd.length + 1), state])).toEqual([
    ["node_modules/hot-shots", "can be guarded"],
    ["dist/index.cjs", "bundled"],
    ["dist/minified.cjs", "bundled"],
    ["dist/with-api.cjs", "left to the app"],
  ]);
  expect(status).toBe(1);
});

it("looks for the app's configuration as the app does, in the folders above a package of a workspace", () => {
  const config = { targets: [{ module: "own-buffer", export: "Buffer", record: ["add"], flush: ["flush"] }] };
  const files = {
    "packages/api/package.json": manifest("api", "1.0.0"),
    "packages/own-buffer/package.json": manifest("own-buffer", "1.0.0"),
    "packages/own-buffer/index.js": "exports.Buffer = class { add() {} async flush() {} };",
  };
  for (const own of [
    { "flushguard.config.json": JSON.stringify(config), "package.json": "{}" },
    { "package.json": JSON.stringify({ flushguard: config }) },
  ]) {
    const root = directoryWith({ ...files, ...own });
    link(join(root, "node_modules/own-buffer"), "../packages/own-buffer");
    for (const [cwd, args] of [
      [join(root, "packages/api"), []],
      [root, ["packages/api"]],
      [root, []],
    ] as const) {
      const { status, stdout } = cli(["doctor", ...args], cwd);
      expect(stdout).toMatch(/^✓ {2}own-buffer 1\.0\.0 +can be guarded$/m);
      expect(status).toBe(0);
    }
  }
});

it("tries the preload with what Yarn's Plug'n'Play has in NODE_OPTIONS, and keeps it in the line to copy", () => {
  const app = directoryWith({
    "package.json": "{}",
    ".pnp.cjs": 'require("node:fs").appendFileSync(__dirname + "/seen", process.execArgv.join());',
    ".pnp.loader.mjs": "",
  });
  const yarn = `--require ${app}/.pnp.cjs --experimental-loader file://${app}/.pnp.loader.mjs`;
  const { stdout, status } = cli(["doctor"], app, { NODE_OPTIONS: `${yarn} --max-old-space-size=512` });
  expect(stdout).toContain(`NODE_OPTIONS="${yarn} --import=${REGISTER}"`);
  expect(readFileSync(join(app, "seen"), "utf8")).toContain(REGISTER);
  expect(status).toBe(0);
});

it("does not take a file for the preload that is in a folder of this name", () => {
  const app = directoryWith({ "package.json": "{}", "other.cjs": "" });
  const found = (options: string) => {
    const { stdout } = cli(["doctor", "--json", app], ROOT, { NODE_OPTIONS: options });
    const { preload, preloaded } = JSON.parse(stdout) as Diagnosis;
    return [preload.nodeOptions, preloaded];
  };
  expect(app).toContain("flushguard");
  expect(found(`--require ${app}/other.cjs`)).toEqual([undefined, false]);
  expect(found(`--require ${app}/other.cjs --import=${REGISTER}`)).toEqual([REGISTER, true]);
});

it("has nothing to say where nothing is installed, and looks no further under Plug'n'Play", () => {
  const empty = directoryWith({});
  expect(cli(["doctor"], empty)).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(
      /\nNo client that flushguard knows is installed in \S+\. What may help all the same:\nnpx flushguard scan /,
    ),
  });
  const prometheus = directoryWith({ "package.json": "{}" });
  install("prom-client", join(prometheus, "node_modules/prom-client"));
  const { stdout } = cli(["doctor"], prometheus);
  expect(stdout).toMatch(
    /^Metrics +prom-client 15\.1\.3: each process has its own, .*\n +FLUSHGUARD_MULTIPROCESS_DIR=\S+ node --import flushguard\/register app\.js$/m,
  );
  expect(stdout).toContain("No client that loses what is recorded during a flush is installed");
  const shared = cli(["doctor"], prometheus, { FLUSHGUARD_MULTIPROCESS_DIR: directoryWith({}) }).stdout;
  expect(shared).toMatch(/^Metrics +\S+: 0 processes and threads alive$/m);
  const pnp = directoryWith({ ".pnp.cjs": "" });
  expect(cli(["doctor"], pnp).stdout).toContain("yarn flushguard doctor -- COMMAND");
});

it.each([
  [["nowhere"], '"nowhere" is not a directory'],
  [["app/package.json"], '"app/package.json" is not a directory'],
  [["app/package.json/x"], '"app/package.json/x" is not a directory'],
  [["app", "node"], "expected one directory; a command to start goes after --"],
  [["--"], "expected a command after --"],
  [["--with-preload"], "--with-preload is for a command after --"],
  [
    ["--require-preload", "--", "node"],
    "--require-preload is for a directory: a command that lacks it is told of anyway",
  ],
  [["app", "--", "node"], "expected a directory or a command, found both"],
  [
    ["--", "nowhere-to-be-found"],
    'could not start "nowhere-to-be-found": there is no such program, or no such working directory',
  ],
])("%j: one line, exit code 2", (args, line) => {
  expect(cli(["doctor", ...args], workspace)).toEqual({
    status: 2,
    stdout: "",
    stderr: `flushguard: ${line} (see flushguard doctor --help)\n`,
  });
});

it("takes a client that is linked from a folder of the app for itself, not for a bundle", async () => {
  const cwd = directoryWith({ "package.json": "{}" });
  install("hot-shots", join(cwd, "packages/hot-shots"));
  link(join(cwd, "node_modules/hot-shots"), "../packages/hot-shots");
  const { clients } = await diagnose(cwd, false, () => {});
  expect(clients.map(({ module, state }) => [module, state])).toEqual([["hot-shots", "can be guarded"]]);
});
