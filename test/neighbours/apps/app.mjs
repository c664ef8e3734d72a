import { createRequire } from "node:module";
import { run } from "./run.cjs";

await run({ require: createRequire(import.meta.url), import: (name) => import(name) }, /^tracking during a flush/);
