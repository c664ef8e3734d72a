/** Tracks 10 features before and 20 during a flush, and gives how many different ones were sent. */
exports.race = async (AnalyticsProcessor) => {
  const sent = new Set();
  const send = async (_url, { body }) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    for (const name of Object.keys(JSON.parse(body))) sent.add(name);
    return { status: 200 };
  };
  const client = new AnalyticsProcessor({ environmentKey: "key", analyticsUrl: "http://localhost/", fetch: send });
  for (let i = 0; i < 10; i++) client.trackFeature(`before ${i}`);
  const flushing = client.flush();
  for (let i = 0; i < 20; i++) client.trackFeature(`during ${i}`);
  await flushing;
  await client.flush();
  return sent.size;
};
