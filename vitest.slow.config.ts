import { defineConfig, mergeConfig } from "vitest/config";
import { OF_EVERY_CLIENT, SLOW } from "./test/slow.js";
import config from "./vitest.config.js";

export default defineConfig({
  test: {
    ...mergeConfig(config, {}).test,
    include: [...SLOW, ...OF_EVERY_CLIENT].map((place) => place.replace(/\*\*$/, "**/*.test.ts")),
    env: { EVERY_CLIENT: "yes" },
    exclude: ["test/fixtures/**", "**/node_modules/**"],
  },
});
