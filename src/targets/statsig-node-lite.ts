import type { Target } from "../target.js";
import { target as statsig } from "./statsig-node.js";

/** Run: 0.4.3, 0.4.4, 0.5.2 and 0.5.3. statsig-node without what evaluates: its events are sent by the same class. */
export const target: Target = { ...statsig, module: "statsig-node-lite", versions: ">=0.4.3 <0.6.0" };
