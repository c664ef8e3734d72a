import { spawn } from "node:child_process";

/**
 * Runs a command to its end.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd: string, timeoutMs: number, shell?: boolean }} options milliseconds after which it is killed
 * @returns {Promise<{ code: number | null, stdout: string, stderr: string }>} its output, and a code of null when it was killed.
 *   Rejects only when it cannot be started
 */
export function run(file, args, { cwd, timeoutMs, shell = false }) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd,
      shell,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: timeoutMs,
      killSignal: "SIGKILL",
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}
