import { takeCoverage } from "node:v8";
import { afterAll } from "vitest";

// A worker is ended before it would write it by itself.
afterAll(() => {
  if (process.env.NODE_V8_COVERAGE !== undefined) takeCoverage();
});
