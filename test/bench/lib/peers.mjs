import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const NEIGHBOURS = new URL("../../neighbours/", import.meta.url);

/** What else is preloaded into apps, as its documentation starts it: those that are tested beside the guard. */
export const AGENTS = ["opentelemetry", "dd-trace", "sentry-11"].map((name) => ({
  name,
  preload: new URL(`agents/${name}.mjs`, NEIGHBOURS).href,
}));

/** Loads what is installed for those tests. */
export const requirePeer = createRequire(new URL("package.json", NEIGHBOURS));

/** Installs it, where it is not. */
export function installPeers() {
  if (existsSync(new URL("node_modules/newrelic", NEIGHBOURS))) return;
  const cwd = fileURLToPath(NEIGHBOURS);
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd, stdio: "inherit" });
}
