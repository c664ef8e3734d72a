import { createRequire } from "node:module";
import { readAhead } from "../read-ahead.js";

const require = createRequire(import.meta.url);

/** What only a flush, send or close needs, run by the first of them. */
export const inFlight = readAhead(
  new URL("./in-flight.js", import.meta.url),
  require,
  () => require("./in-flight.js") as typeof import("./in-flight.js"),
);
