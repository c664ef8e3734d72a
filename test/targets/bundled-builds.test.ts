import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { footerOf } from "../../dist/src/bundler/footer.js";
import { namedFiles } from "../../dist/src/named-files.js";

const require = createRequire(import.meta.url);
const packages = namedFiles();

/** The file that a target names in the build that bundlers take, by the `module` field of the package. */
const BUILDS = {
  "@amplitude/analytics-core": "lib/esm/plugins/destination.js",
  "@opentelemetry/sdk-trace-base": "build/esm/BatchSpanProcessor-shim.js",
  "@rudderstack/rudder-sdk-node": "esm/index.js",
  "@segment/analytics-node": "dist/esm/app/analytics-node.js",
};

test.for(Object.entries(BUILDS))("%s has a footer in its ES module build", ([name, file]) => {
  const main = require.resolve(name);
  const folder = main.slice(0, main.lastIndexOf(`${join("node_modules", name)}`) + join("node_modules", name).length);
  const path = join(folder, file);
  expect(existsSync(path), dirname(path)).toBe(true);
  expect(footerOf(path, readFileSync(path, "utf8"), packages)).toContain(`"${name}"`);
});
