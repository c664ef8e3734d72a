/**
 * A way to start an app.
 * @typedef {object} Way
 * @property {readonly string[]} args of Node
 * @property {string} [options] NODE_OPTIONS
 * @property {NodeJS.ProcessEnv} [env] other variables
 * @property {string} [input]
 * @property {number} [from] the first Node that has it
 * @property {boolean} [told] whether the app goes on unguarded, and one line says so
 * @property {boolean} [runsOn] whether it never ends by itself
 */

const IMPORT = ["--import", "flushguard/register"];
const REQUIRE = ["--require", "flushguard/register"];
/** Of the command line, and what children inherit. */
const [IMPORTED, REQUIRED] = [IMPORT.join("="), REQUIRE.join("=")];
const COMMONJS = { TS_NODE_COMPILER_OPTIONS: JSON.stringify({ module: "commonjs", moduleResolution: "node" }) };

/** @type {(major: number) => string} */
const permission = (major) => (major < 24 ? "--experimental-permission" : "--permission");
const NET = (/** @type {number} */ major) => (major > 24 ? ["--allow-net"] : []);

/**
 * @param {number} major of the Node
 * @param {(name: string) => string} bin the script behind a command
 * @returns {Readonly<Record<string, Way>>}
 */
export function waysOn(major, bin) {
  const main = ["app.cjs", "app.mjs"];
  return {
    ...Object.fromEntries(
      [IMPORT, REQUIRE].flatMap((preload) => main.map((app) => [`${preload[0]} ${app}`, { args: [...preload, app] }])),
    ),
    "--require and --import": { args: [...REQUIRE, ...IMPORT, "app.mjs"] },
    "--import of a path with a space": { args: ["app.mjs"], options: '--import "./a space/dist/register.js"' },
    "--require of a path with a space": { args: ["app.cjs"], options: '--require "./a space/dist/register.cjs"' },
    "-e": { args: [...IMPORT, "-e", "require('./app.cjs')"] },
    "-e, a module": { args: [...IMPORT, "--input-type=module", "-e", "import './app.mjs'"] },
    "-p": { args: [...IMPORT, "-p", "require('./app.cjs'); 1"] },
    "standard input": { args: [...IMPORT, "-"], input: "require('./app.cjs')" },
    "standard input, a module": { args: [...IMPORT, "--input-type=module", "-"], input: "import './app.mjs'" },
    "--watch": { args: [...IMPORT, "--watch", "app.mjs"], runsOn: true },
    "--run": { args: ["--run", "start"], from: 22 },
    "a symlink": { args: [...IMPORT, "link.mjs"] },
    "a symlink, --preserve-symlinks": {
      args: [...IMPORT, "--preserve-symlinks", "--preserve-symlinks-main", "link.mjs"],
    },
    "require() of an ES module that imports it": { args: [...IMPORT, "required.cjs"], told: major === 20 },
    ".ts, stripped of its types": { args: [...IMPORT, "app.ts"], from: 22 },
    ".mts, stripped of its types": { args: [...IMPORT, "app.mts"], from: 22 },
    ".cts, stripped of its types": { args: [...IMPORT, "app.cts"], from: 22 },
    "tsx, before": { args: ["--import", "tsx", ...IMPORT, "app.ts"] },
    "tsx, after": { args: [...IMPORT, "--import", "tsx", "app.mts"] },
    "tsx, its command": { args: [bin("tsx"), "app.ts"], options: IMPORTED },
    "ts-node": { args: [...REQUIRE, "--require", "ts-node/register/transpile-only", "app.ts"], env: COMMONJS },
    "ts-node, its command": { args: [bin("ts-node"), "-T", "app.ts"], options: REQUIRED, env: COMMONJS },
    "@swc-node/register": { args: [...REQUIRE, "--require", "@swc-node/register", "app.ts"] },
    "@swc-node/register/esm": { args: ["--import", "@swc-node/register/esm-register", ...IMPORT, "app.mts"] },
    "esbuild-register": { args: [...REQUIRE, "--require", "esbuild-register", "app.ts"] },
    "@babel/register": { args: [...REQUIRE, "--require", "./babel.cjs", "app.ts"] },
    "the permission model": {
      args: [permission(major), "--allow-fs-read=*", "--allow-worker", ...NET(major), ...IMPORT, "app.mjs"],
    },
    "the permission model, without workers": {
      args: [permission(major), "--allow-fs-read=*", ...NET(major), ...IMPORT, "app.mjs"],
      told: major === 20,
    },
    "--frozen-intrinsics": { args: ["--frozen-intrinsics", ...IMPORT, "app.mjs"], from: 22 },
    "--disable-proto=throw": { args: ["--disable-proto=throw", ...IMPORT, "app.mjs"] },
    "--disallow-code-generation-from-strings": {
      args: ["--disallow-code-generation-from-strings", ...IMPORT, "app.mjs"],
    },
    "--throw-deprecation --pending-deprecation": {
      args: ["--throw-deprecation", "--pending-deprecation", ...IMPORT, "app.mjs"],
    },
    "--experimental-vm-modules": { args: ["--experimental-vm-modules", ...IMPORT, "app.mjs"] },
    "--enable-source-maps": { args: ["--enable-source-maps", ...IMPORT, "app.mjs"] },
    "--inspect": { args: ["--inspect=0", ...IMPORT, "app.mjs"] },
    "--test": { args: [...IMPORT, "--test", "tests/node.test.cjs", "tests/node.test.mjs"] },
    "--test, in one process": {
      args: [...IMPORT, "--test", "--test-isolation=none", "tests/node.test.cjs", "tests/node.test.mjs"],
      from: 24,
    },
    mocha: { args: [bin("mocha"), "tests/mocha.*"], options: IMPORTED },
    "mocha --require": { args: [bin("mocha"), ...REQUIRE, "tests/mocha.*"] },
    "mocha --parallel": { args: [bin("mocha"), "--parallel", ...REQUIRE, "tests/mocha.*"] },
    ava: { args: [bin("ava"), "tests/ava.mjs"], options: IMPORTED },
    "ava, in processes": { args: [bin("ava"), "--no-worker-threads", "tests/ava.mjs"], options: IMPORTED },
    ...children("--import", IMPORT, undefined, ["spawn", "exec", "eval worker"]),
    ...children("NODE_OPTIONS=--import", [], IMPORTED, ["eval worker"]),
    ...children("NODE_OPTIONS=--require", [], REQUIRED, []),
  };
}

const CHILDREN = [
  "fork",
  "fork, ES module",
  "spawn",
  "exec",
  "worker",
  "worker, ES module",
  "worker, resourceLimits",
  "worker, SHARE_ENV",
  "eval worker",
  "cluster",
];

/**
 * @param {string} title
 * @param {readonly string[]} before
 * @param {string | undefined} options
 * @param {readonly string[]} told those that it does not reach
 * @returns {Record<string, Way>}
 */
function children(title, before, options, told) {
  return Object.fromEntries(
    CHILDREN.map((child) => [
      `${child}, ${title}`,
      { args: [...before, "children.cjs", child], ...(options && { options }), told: told.includes(child) },
    ]),
  );
}
