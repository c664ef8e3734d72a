import { createRequire } from "node:module";
import { isOff } from "./src/config/switch.js";

if (!isOff(process.env.FLUSHGUARD)) {
  const { preload } = createRequire(import.meta.url)("./src/preload.js") as typeof import("./src/preload.js");
  preload();
}
