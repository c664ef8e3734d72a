/** Removes what was built before, on any platform. */
import { rmSync } from "node:fs";
import { DIST } from "./layout.mjs";

rmSync(DIST, { recursive: true, force: true });
