import { createRequire } from "node:module";
import { readAhead } from "./read-ahead.js";

const require = createRequire(import.meta.url);

/** Reads now what drains the clients of a process, most of which are asked for that as a deploy ends them, or never. */
export function drainingAhead(): () => typeof import("./drain/index.js") {
  return readAhead(
    new URL("./drain/index.js", import.meta.url),
    require,
    () => require("./drain/index.js") as typeof import("./drain/index.js"),
  );
}
