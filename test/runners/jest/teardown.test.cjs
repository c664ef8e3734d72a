// What a test file's client has recorded leaves at its teardown, as docs/drain.md has it.
const { drain } = require("../../../dist/index.cjs");
const { recordTen } = require("../teardown.cjs");

let client;
afterAll(() => drain());

test("records", () => {
  const { AnalyticsProcessor } = require("flagsmith-nodejs");
  client = recordTen(AnalyticsProcessor);
  expect(Object.keys(client.analyticsData)).toHaveLength(10);
});
