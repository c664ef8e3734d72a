import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/fixtures/**", "**/node_modules/**"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // The tests import what is published, so that its lazy `require` of its own files is the real one.
    server: { deps: { external: [/\/dist\//] } },
  },
});
