import { execFile } from "node:child_process";
import { dirname } from "node:path";

const REGISTER = new URL("../../../dist/register.js", import.meta.url).href;

/** How the guard gets to a bundle: not at all, by the preload, or by the line in it. @typedef {"plain" | "preload" | "bundled"} Way */

/**
 * @param {string} binary
 * @param {string} bundle
 * @param {readonly string[]} args
 * @param {Way} way
 * @returns {Promise<any>} what the bundle's last line says
 */
export function runBundle(binary, bundle, args, way) {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const preload = way === "preload" ? ["--import", REGISTER] : [];
  return new Promise((resolve, reject) => {
    const options = { cwd: dirname(bundle), env, timeout: 60_000 };
    execFile(binary, [...preload, bundle, ...args], options, (error, stdout, stderr) => {
      if (error) return reject(new Error(`${bundle} ${args.join(" ")}: ${stderr || error.message}`));
      const last = stdout.trim().split("\n").at(-1) ?? "";
      resolve(JSON.parse(last));
    });
  });
}
