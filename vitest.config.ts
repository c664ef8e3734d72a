import { defineConfig } from "vitest/config";
import { PROOFS } from "./test/slow.js";

const NOT_OURS = ["test/fixtures/**", "**/node_modules/**"];
// The Nodes that the hooks are tested on, and the programs that tests start.
const globalSetup = ["test/nodes/install.ts", "test/debian/install.ts"];

export default defineConfig(({ mode }) => ({
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    env: mode === "every-client" ? { EVERY_CLIENT: "yes" } : {},
    // The tests import what is published, so that its lazy `require` of its own files is the real one.
    server: { deps: { external: [/\/dist\//] } },
    projects: [
      {
        extends: true,
        test: { name: "tests", include: ["test/**/*.test.ts"], exclude: [...NOT_OURS, ...PROOFS], globalSetup },
      },
      {
        extends: true,
        // Also the frameworks and runtimes beside which processes end.
        test: {
          name: "proofs",
          include: PROOFS,
          exclude: NOT_OURS,
          globalSetup: [...globalSetup, "test/drain/install.ts"],
        },
      },
    ],
  },
}));
