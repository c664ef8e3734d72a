import { defineConfig, mergeConfig } from "vitest/config";
import { SLOW } from "./test/slow.js";
import config from "./vitest.config.js";

export default defineConfig({
  test: {
    ...mergeConfig(config, {}).test,
    include: SLOW.map((folder) => `${folder}/*.test.ts`),
    exclude: ["test/fixtures/**", "**/node_modules/**"],
    globalSetup: ["test/nodes/install.ts", "test/debian/install.ts", "test/drain/install.ts"],
  },
});
