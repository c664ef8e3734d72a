// A client under Jest: what is recorded during a flush.
const { race } = require("../race.cjs");

test("records during a flush", async () => {
  const { AnalyticsProcessor } = require("flagsmith-nodejs");
  expect(await race(AnalyticsProcessor)).toBe(30);
});

test("in a second registry of modules", async () => {
  jest.resetModules();
  const { AnalyticsProcessor } = require("flagsmith-nodejs");
  expect(await race(AnalyticsProcessor)).toBe(30);
});

test("is itself to who asks for the actual one", () => {
  expect(jest.requireActual("flagsmith-nodejs").AnalyticsProcessor).toBe(
    require("flagsmith-nodejs").AnalyticsProcessor,
  );
});
