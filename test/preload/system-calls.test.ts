import { execFile } from "node:child_process";
import { symlinkSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { plainEnv } from "../cli/cli.js";
import { directoryWith } from "../config/helpers.js";
import { program } from "../debian/programs.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FIXTURES = join(ROOT, "test/fixtures/system-calls/");
const GUARD = ["--import", new URL("../../dist/register.js", import.meta.url).href];
const FAULTY = ["--require", join(FIXTURES, "faulty.cjs")];

const run = promisify(execFile);

/** A working directory with what must not be executed in it. */
function directory(): string {
  const folder = directoryWith({ "flushguard.config.js": "throw new Error('run');", "package.json": "{}" });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  return folder;
}

/** What an app has asked of the system, each once. */
async function calls(preload: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const cwd = directory();
  const trace = join(directoryWith({}), "trace");
  const args = ["-f", "-qq", "-s", "4096", "-e", "trace=%file,%network", "-o", trace];
  const options = { cwd, env: plainEnv(env), timeout: 60_000 };
  await run(program("strace"), [...args, process.execPath, ...preload, join(FIXTURES, "app.cjs")], options);
  const all = (await readFile(trace, "utf8"))
    .split("\n")
    .flatMap((line) => {
      const [, name, given] = /^\d+ +(\w+)\((.*)/.exec(line) ?? [];
      return name === undefined || given === undefined ? [] : [{ name, given: given.replaceAll(cwd, "$CWD") }];
    })
    .filter(({ given }) => !/ = -1 E/.test(given));
  const path = (given: string) => /"([^"]*)"/.exec(given)?.[1] ?? "";
  const those = (pattern: RegExp) => all.filter(({ name }) => pattern.test(name));
  const opened = those(/^(?:open|openat|creat)$/);
  const isToWrite = (given: string) => /O_WRONLY|O_RDWR|O_CREAT/.test(given);
  const distinct = (list: string[]) => [...new Set(list)].sort();
  return {
    sockets: distinct(
      those(/^(?:bind|listen|connect)$/).map(
        ({ name, given }) => `${name} ${/sin6?_addr[^)]*\)|AF_UNIX.*/.exec(given)?.[0]}`,
      ),
    ),
    listening: those(/^listen$/).length,
    programs: those(/^execve$/).map(({ given }) => path(given)),
    written: distinct([
      ...opened.filter(({ given }) => isToWrite(given)).map(({ given }) => path(given)),
      ...those(/^(?:mkdir|rmdir|unlink|rename|link|symlink|chmod|chown|truncate|utimensat)/).map(({ given }) =>
        path(given),
      ),
    ]),
    // V8 reads symbols from the executable for every isolate, unless addresses happen to be laid out otherwise.
    read: distinct(opened.filter(({ given }) => !isToWrite(given)).map(({ given }) => path(given))).filter(
      (file) => file !== process.execPath,
    ),
  };
}

test.skipIf(process.platform !== "linux")(
  "the preload makes no request, opens no port, starts no program and writes no file; of files it reads its own and the descriptions of packages",
  async () => {
    const { read: readWithout, ...without } = await calls([]);
    const { read, ...guarded } = await calls(GUARD);
    expect(without.sockets.length).toBeGreaterThan(0);
    expect(guarded).toEqual(without);
    const more = read.filter((file) => !readWithout.includes(file));
    const others = more.filter((file) => !file.startsWith(join(ROOT, "dist/")) && !file.endsWith("/package.json"));
    expect(more.length).toBeGreaterThan(others.length);
    expect(others).toEqual([]);

    const faulty = await calls([...FAULTY]);
    expect(faulty.listening).toBe(without.listening + 1);
    expect(faulty.programs).toEqual([...without.programs, "/bin/true"]);
    expect(faulty.written).toContain("left-behind");
    expect(faulty.read).toContain("$CWD/flushguard.config.js");
  },
);

test.skipIf(process.platform !== "linux")("where it is off, it reads one file", async () => {
  const env = { FLUSHGUARD: "off" };
  const { read: _, ...without } = await calls([], env);
  const { read, ...off } = await calls(GUARD, env);
  expect(off).toEqual(without);
  const own = read.filter((file) => file.startsWith(join(ROOT, "dist/")));
  expect(own.map((file) => file.slice(ROOT.length))).toEqual(["dist/register.js"]);
});

test("it reads no variables but its own, those that say how Node was started, and pm2's; it sets none", async () => {
  const seen = async (preload: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const spy = ["--require", join(FIXTURES, "environment.cjs")];
    const options = { cwd: directory(), env: plainEnv(env) };
    const { stdout } = await run(process.execPath, [...spy, ...preload, join(FIXTURES, "app.cjs")], options);
    return JSON.parse(stdout) as { read: string[]; set: string[] };
  };
  const isOurs = (name: string) => /^FLUSHGUARD(?:_|$)/.test(name);
  const guarded = await seen(["--require", join(ROOT, "dist/register.cjs")]);
  expect(guarded.set).toEqual([]);
  expect(guarded.read.filter(isOurs)).toContain("FLUSHGUARD");
  expect(guarded.read.filter((name) => !isOurs(name))).toEqual(["NODE_OPTIONS", "pm2_env"]);
  const drains = await seen(["--require", join(ROOT, "dist/register.cjs")], { FLUSHGUARD_DRAIN: "lambda" });
  expect(drains.set).toEqual([]);
  const ofLambda = ["AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "_HANDLER"];
  expect(drains.read.filter((name) => !isOurs(name) && !ofLambda.includes(name))).toEqual(["NODE_OPTIONS", "pm2_env"]);
  expect(await seen(FAULTY)).toMatchObject({ read: expect.arrayContaining(["HOME"]), set: ["SET_BY_PRELOAD"] });
});
