import { defineConfig } from "vitest/config";
import { AsNamed } from "./as-named.js";

/** The tests as `npm test` runs them, one file after another; what they need is installed before. */
export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    include: ["test/**/*.test.ts"],
    exclude: ["test/fixtures/**", "**/node_modules/**"],
    setupFiles: ["test/mutation/take-coverage.ts"],
    fileParallelism: false,
    maxWorkers: 1,
    sequence: { sequencer: AsNamed },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    server: { deps: { external: [/\/dist\//] } },
  },
});
