// What a test file's client has recorded leaves at its teardown, as docs/drain.md has it.
import { AnalyticsProcessor } from "flagsmith-nodejs";
import { afterAll, expect, test } from "vitest";
import { drain } from "../../../dist/index.js";
import { recordTen } from "../teardown.cjs";

let client;
afterAll(() => drain());

test("records", () => {
  client = recordTen(AnalyticsProcessor);
  expect(Object.keys(client.analyticsData)).toHaveLength(10);
});
