import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";

const LOG = JSON.stringify(new URL("../../dist/src/log.js", import.meta.url).href);

function run(source: string, stderr: "pipe" | "ignore" = "pipe") {
  const script = `import { log, setLogLevel } from ${LOG};\n${source}`;
  const child = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", stderr],
    encoding: "utf8",
  });
  return { status: child.status, stdout: child.stdout, stderr: child.stderr };
}

const EACH = "for (const level of ['error', 'warn', 'info', 'debug']) log[level](level);";

it.each([
  ["silent", []],
  ["error", ["error"]],
  ["warn", ["error", "warn"]],
  ["info", ["error", "warn", "info"]],
  ["debug", ["error", "warn", "info", "debug"]],
])("at %s lets these through: %j", (level, lines) => {
  const { stderr, stdout } = run(`setLogLevel(${JSON.stringify(level)}); ${EACH}`);
  expect(stderr).toBe(lines.map((line) => `flushguard: ${line}\n`).join(""));
  expect(stdout).toBe("");
});

it("begins at warn", () => {
  expect(run(EACH).stderr).toBe("flushguard: error\nflushguard: warn\n");
});

it("writes one line for each message, whatever is in it", () => {
  expect(
    run(String.raw`log.warn("a\n  b\r\n\n\tc\u2028d"); log.warn(undefined); log.warn(Object.create(null))`),
  ).toEqual({
    status: 0,
    stdout: "",
    stderr: "flushguard: a b c d\nflushguard: undefined\n",
  });
});

it("writes before the process can end", () => {
  expect(run("log.error('last words'); process.exit(3)")).toMatchObject({
    status: 3,
    stderr: "flushguard: last words\n",
  });
});

it("does not throw where stderr is closed", () => {
  const source = "import { closeSync } from 'node:fs'; closeSync(2); log.error('x'); console.log('on');";
  expect(run(source)).toMatchObject({ status: 0, stdout: "on\n" });
});
