import type { Debugger } from "node:inspector";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** What was evaluated in this thread, by order, from V8, the only one to know of ES modules that no hook saw. No port is opened. */
export function evaluatedScripts(): Debugger.ScriptParsedEventDataType[] {
  const { Session } = require("node:inspector") as typeof import("node:inspector");
  const session = new Session();
  const all: Debugger.ScriptParsedEventDataType[] = [];
  session.connect();
  session.on("Debugger.scriptParsed", ({ params }) => all.push(params));
  session.post("Debugger.enable");
  session.disconnect();
  return all;
}
