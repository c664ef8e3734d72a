import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { directoryWith } from "../config/helpers.js";

const MAIN = fileURLToPath(new URL("../../dist/cli-main.cjs", import.meta.url));
const folder = directoryWith({ "file.txt": "kept" });
symlinkSync(join(folder, "gone", "report.html"), join(folder, "dangling.html"));

function verify(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, "verify", ...args], {
    cwd: folder,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

it.each([
  [`${folder}/gone/report.html`, "its directory does not exist"],
  [folder, "it is a directory"],
  [`${folder}/file.txt/report.html`, "its directory is not one"],
  [`${folder}/dangling.html`, "it is a link into a directory that does not exist"],
])("says in one line, before it measures anything, that %s cannot be written", (path, reason) => {
  const { status, stdout, stderr } = verify("--report", path);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(/^flushguard: cannot write --report .*\n$/);
  expect(stderr).toContain(`${JSON.stringify(path)}: ${reason}`);
});

it.runIf(existsSync("/proc/self"))("tells a directory that takes no files from one that does not exist", () => {
  expect(verify("--report", "/proc/report.html").stderr).toContain(": its directory takes no new files (");
});

it("keeps the table where the disk is full in the end", () => {
  const { status, stdout, stderr } = verify("hot-shots", "--report", "/dev/full");
  expect(stdout).toContain("hot-shots: not installed");
  expect(stderr).toMatch(/^flushguard: cannot write --report "\/dev\/full": the disk is full.*\n$/);
  expect(status).toBe(2);
});

it.each([["--report"], ["--report="]])("%s without a file is wrong", (...args) => {
  expect(verify(...args)).toMatchObject({ status: 2, stdout: "" });
});

it("leaves what is there alone until it has something to write", () => {
  symlinkSync(join(folder, "later.html"), join(folder, "link.html"));
  expect(verify("--report", "file.txt", "--report", "gone/x").status).toBe(2);
  expect(readFileSync(join(folder, "file.txt"), "utf8")).toBe("kept");
  const { status, stdout } = verify("--report", "link.html", "hot-shots");
  expect(status).toBe(1);
  expect(stdout).toContain("nothing to verify");
  expect(readFileSync(join(folder, "later.html"), "utf8")).toContain("Not installed: hot-shots.");
  expect(existsSync(join(folder, "gone"))).toBe(false);
});
