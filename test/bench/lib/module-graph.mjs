import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const MODULES = 500;
/** How many others each of them loads. */
const LOADS = 8;

/**
 * Writes a package of many modules and an app that loads it and prints the processor time in ms that this took.
 * @param {string} cwd
 * @param {"cjs" | "mjs"} format
 * @returns path of the app
 */
export function writeGraph(cwd, format) {
  const folder = join(cwd, "node_modules", `many-${format}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: `many-${format}`, version: "1.0.0" }));
  const load = (/** @type {number} */ n) =>
    format === "cjs" ? `const m${n} = require("./m${n}.cjs");` : `import { value as m${n} } from "./m${n}.mjs";`;
  for (let n = 0; n < MODULES; n++) {
    const others = Array.from({ length: LOADS }, (_, k) => n - 1 - k * 7).filter((other) => other >= 0);
    const value = `[${others.map((other) => `m${other}`).join()}].length`;
    const exported = format === "cjs" ? `exports.value = ${value};` : `export const value = ${value};`;
    writeFileSync(join(folder, `m${n}.${format}`), [...others.map(load), exported].join("\n"));
  }
  const all = Array.from({ length: MODULES }, (_, n) => n);
  writeFileSync(join(folder, `index.${format}`), all.map(load).join("\n"));
  const app = join(cwd, `loads.${format}`);
  const index = `./node_modules/many-${format}/index.${format}`;
  const loading = format === "cjs" ? `require("${index}")` : `await import("${index}")`;
  writeFileSync(
    app,
    `const before = process.cpuUsage();\n${loading};\nconst { user, system } = process.cpuUsage(before);\n` +
      "process.stdout.write(String((user + system) / 1000));\n",
  );
  return app;
}
