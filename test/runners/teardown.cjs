const { appendFileSync } = require("node:fs");

/** Tracks 10 features and leaves the flush to the teardown; what is sent is appended to the file that SENT names. */
exports.recordTen = (AnalyticsProcessor) => {
  const send = async (_url, { body }) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    appendFileSync(process.env.SENT, `${Object.keys(JSON.parse(body)).join("\n")}\n`);
    return { status: 200 };
  };
  const client = new AnalyticsProcessor({ environmentKey: "key", analyticsUrl: "http://localhost/", fetch: send });
  client.lastFlushed = Date.now() + 60_000;
  for (let i = 0; i < 10; i++) client.trackFeature(`feature ${i}`);
  return client;
};
