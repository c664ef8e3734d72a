import { defineConfig } from "vitest/config";
import { SLOW } from "./test/slow.js";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/fixtures/**", "**/node_modules/**", ...SLOW],
    // The Nodes that the hooks are tested on, the programs that tests start, and the runtimes beside which processes end.
    globalSetup: ["test/nodes/install.ts", "test/debian/install.ts", "test/drain/install.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // The tests import what is published, so that its lazy `require` of its own files is the real one.
    server: { deps: { external: [/\/dist\//] } },
  },
});
