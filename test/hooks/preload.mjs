// Hooks the fixture packages, marks the classes it sees and writes down, per thread, what was reported.
import { appendFileSync, writeFileSync } from "node:fs";
import Module from "node:module";
import { isMainThread, threadId } from "node:worker_threads";
import { installHooks } from "../../dist/src/hooks/index.js";

const replaceable = ["create", "make", "fixed", "fetch", "missing", "delete", "a b"];
const all =
  "hook-esm:esm hook-dual:esm hook-typeless:esm hook-maps:esm hook-cjs hook-nest @hook-scope/client hook-pnpm " +
  "hook-getters hook-frozen hook-function hook-not-installed";
const modules = (process.env.HOOKS_MODULES ?? all).split(" ").map((entry) => {
  const [name, esm] = entry.split(":");
  return { name, esm: esm === "esm", replaceable };
});
const mark = Symbol.for("hooks.test.mark");
const record = { loads: [], errors: [], marks: 0, replaced: {}, results: {}, main: process.argv[1] };

function onLoad({ module, basedir, file, format, exports, replace }) {
  record.loads.push({ file: `${module}/${file}`, basedir, format });
  if (process.env.HOOKS_THROW) throw new Error(`from the hook of ${module}/${file}`);
  for (const exported of typeof exports === "function" ? [exports] : Object.values(exports)) {
    if (typeof exported !== "function" || !exported.prototype || Object.hasOwn(exported.prototype, mark)) continue;
    exported.prototype[mark] = true;
    record.marks++;
  }
  for (const name of (process.env.HOOKS_REPLACE ?? "").split(",").filter(Boolean)) {
    const key = name === "module.exports" ? "" : name;
    record.replaced[`${module}/${file} ${name}`] ??= replace(key, () => "replaced");
  }
}

const compile = Module.prototype._compile;
const hooks = installHooks(modules, onLoad, (error, where) => record.errors.push({ message: error.message, where }));
record.esm = hooks.esm;
globalThis[Symbol.for("hooks.test")] = { hooks, record };

const folder = process.env.HOOKS_OUT;
const hooked = Module.prototype._compile !== compile;
appendFileSync(`${folder}/threads.jsonl`, `${JSON.stringify({ pid: process.pid, threadId, isMainThread, hooked })}\n`);
const copy = import.meta.url.length;
process.on("exit", () => {
  writeFileSync(`${folder}/${process.pid}-${threadId}-${copy}.json`, JSON.stringify(record));
});
